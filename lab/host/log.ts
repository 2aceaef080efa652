/**
 * Where the host and the app speak. The app's own lines (`context.log`, `console` stays as it is) come with `byApp`;
 * without it the host itself is speaking.
 */
export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none'

interface LogOrigin {
  functionName?: string | undefined
  byApp?: boolean | undefined
}

export type Log = (level: LogLevel, message: string, origin?: LogOrigin) => void

const levels: readonly LogLevel[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none']

/** One plain line each, to stderr. The app is heard from information on, the host itself from `hostFrom` on. */
export function stderrLog(hostFrom: LogLevel = 'warning'): Log {
  return (level, message, { functionName, byApp = false } = {}) => {
    const from = byApp ? 'information' : hostFrom
    if (levels.indexOf(level) < levels.indexOf(from)) return
    const who = functionName ?? (byApp ? 'app' : 'host')
    process.stderr.write(
      `${new Date().toISOString()} ${level} ${who}: ${message.replaceAll('\n', '\n    ')}\n`,
    )
  }
}

export const silentLog: Log = () => {}

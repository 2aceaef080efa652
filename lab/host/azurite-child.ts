// Azurite in a process of its own: `azurite-child.ts DIR`, forked by azurite.ts. DIR holds its data, cert.pem and key.pem.
//
// Azurite keeps tables in memory and writes them every five seconds and when it is closed. So it must outlive a killed host by the
// moment that closing takes: the host's end is seen as the end of the IPC channel, whatever ended it. The lock is SQLite's, that is the
// kernel's: it goes with the process, and a successor waits for it before it reads the data.
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'

const lockPollMs = 50
const [dir] = process.argv.slice(2)
if (dir === undefined || !process.send) throw new Error('azurite-child is started by azurite.ts')

/** Azurite says when it listens, and where, on its console only. */
const listening = /^Azurite (Blob|Queue|Table) service is successfully listening at (\S+)$/
const endpoints = new Map<string, string>()

process.once('disconnect', () => {
  if (endpoints.size === 3) process.emit('SIGTERM')
  else process.exit()
})

const lock = new DatabaseSync(join(dir, 'lock.sqlite'))
for (;;) {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    break
  } catch {
    await delay(lockPollMs)
  }
}

console.log = (line: string) => {
  const [, service, url] = listening.exec(line) ?? []
  if (!service || !url) return
  endpoints.set(service, url)
  if (endpoints.size === 3) process.send?.(Object.fromEntries(endpoints))
}
// Telemetry is off, so its SDK need not be there: loading it is half of Azurite's start.
const telemetrySdk = 'lab-host:applicationinsights'
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'applicationinsights'
      ? { url: telemetrySdk, format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url === telemetrySdk ? { format: 'commonjs', source: '', shortCircuit: true } : next(url, context),
})
process.argv.splice(
  1,
  Number.POSITIVE_INFINITY,
  'azurite',
  ...['--location', dir, '--oauth', 'basic', '--cert', join(dir, 'cert.pem'), '--key', join(dir, 'key.pem')],
  ...['--blobPort', '0', '--queuePort', '0', '--tablePort', '0'],
  ...['--silent', '--disableTelemetry', '--skipApiVersionCheck'],
)
createRequire(import.meta.url)('azurite/dist/src/azurite.js')

import { app, type Timer } from '@azure/functions'

interface Run {
  name: string
  at: number
  endedAt?: number
  timer: Timer
  retry: number
}
const runs: Run[] = []

const record =
  (name: string, ms = 0) =>
  async (timer: Timer, context: { retryContext?: { retryCount: number } }) => {
    const run: Run = { name, at: Date.now(), timer, retry: context.retryContext?.retryCount ?? 0 }
    runs.push(run)
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
    run.endedAt = Date.now()
  }

app.timer('everyMinute', { schedule: '0 * * * * *', handler: record('everyMinute') })
app.timer('hourly', { schedule: '%HOURLY%', useMonitor: false, handler: record('hourly') })
app.timer('atStart', { schedule: '0 0 0 1 1 *', runOnStartup: true, handler: record('atStart') })
app.timer('secondly', {
  schedule: '* * * * * *',
  handler: async (timer, context) => {
    if (process.env['SECONDLY'] === 'true') await record('secondly', 1200)(timer, context)
  },
})
app.timer('failing', {
  schedule: '0 30 * * * *',
  retry: { strategy: 'fixedDelay', maxRetryCount: 2, delayInterval: { seconds: 40 } },
  handler: async (timer, context) => {
    await record('failing')(timer, context)
    throw new Error('always')
  },
})
app.http('runs', { handler: async () => ({ jsonBody: runs }) })

import { afterEach, beforeEach, expect, test } from 'vitest'
import { appDir, type Host, startHost, temporaryDir } from './host.ts'

let hub: ReturnType<typeof temporaryDir>
let host: Host
beforeEach(() => {
  hub = temporaryDir()
})
afterEach(async () => {
  await host.kill()
  hub[Symbol.dispose]()
})

/** Runs the orchestrator `changes` up to its timer of an hour, then kills the host. */
async function recordAndKill() {
  host = await startHost({ app: appDir('behaviours'), file: hub.file, clock: 'wall' })
  await host.start('changes', 'c')
  for (;;) {
    const { historyEvents = [] } = await host.status('c', 'showHistory=true')
    if (historyEvents.some((event) => event['EventType'] === 'TimerCreated')) break
  }
  await host.kill()
}

test('a killed host goes on where it was, under its timer’s own time', async () => {
  await recordAndKill()
  host = await startHost({ app: appDir('behaviours'), file: hub.file })
  expect(await host.ended('c')).toMatchObject({ runtimeStatus: 'Completed', output: 42 })
})

test.each([
  ['timer instead', "activity 'double' as number 0 (TaskScheduled)", 'scheduled a timer under that number'],
  ['other activity', "activity 'double' as number 0 (TaskScheduled)", "scheduled activity 'echo'"],
  ['ends earlier', 'a timer as number 1 (TimerCreated)', 'had scheduled nothing under that number'],
])('an orchestrator whose code has changed (%s) fails and says how', async (version, had, did) => {
  await recordAndKill()
  host = await startHost({ app: appDir('behaviours'), file: hub.file, env: { APP_VERSION: version } })
  const { runtimeStatus, output } = await host.ended('c')
  expect(runtimeStatus).toBe('Failed')
  expect(output).toContain(
    `Non-deterministic workflow detected: history has ${had}, but on replay the orchestrator ${did}`,
  )
})

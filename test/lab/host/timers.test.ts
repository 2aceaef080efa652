import { beforeEach, expect, test, vi } from 'vitest'
import { clockOffsetMs, setClockOffsetMs } from '../../../lab/host/clock/shift.ts'
import { parseSchedule } from '../../../lab/host/timers/schedule.ts'
import { generousClock } from './generous-clock.ts'
import { openHost, temporaryDirectory } from './open-host.ts'

const minuteMs = 60_000

interface Run {
  name: string
  at: number
  endedAt: number
  retry: number
  timer: { isPastDue: boolean; scheduleStatus: { last: string; next: string } | null }
}

beforeEach(() => {
  vi.stubEnv('HOURLY', '0 0 * * * *')
  return () => vi.unstubAllEnvs()
})

async function openTimers(stateDir = temporaryDirectory()) {
  const keeper = generousClock()
  const host = await openHost('timers', { keeper, stateDir })
  const runsOf = async (name: string): Promise<Run[]> =>
    (await host.json<Run[]>('/runs')).filter((run) => run.name === name)
  return { ...host, keeper, runsOf }
}

test('an occurrence is run at its moment of the virtual clock', async () => {
  const { keeper, runsOf } = await openTimers()
  await keeper.advance(10 * minuteMs)
  const runs = await runsOf('everyMinute')
  expect(runs).toHaveLength(10)
  for (const run of runs) expect(run.at % minuteMs).toBeLessThan(1_000)
  expect(runs.map(({ timer }) => timer.isPastDue)).not.toContain(true)
})

test('a monitored timer is told its status, others are not', async () => {
  const { keeper, runsOf } = await openTimers()
  await keeper.advance(61 * minuteMs)
  const [first, second] = await runsOf('everyMinute')
  expect(first?.timer.scheduleStatus?.last).toBe('0001-01-01T00:00:00+00:00')
  expect(Date.parse(second?.timer.scheduleStatus?.last ?? '')).toBeCloseTo(first?.at ?? 0, -3)
  expect((await runsOf('hourly'))[0]?.timer.scheduleStatus).toBeNull()
})

test('what was missed while the host was down is made up for once, as past due', async () => {
  const stateDir = temporaryDirectory()
  const before = await openTimers(stateDir)
  await before.keeper.advance(minuteMs)
  await before.stop()
  setClockOffsetMs(clockOffsetMs() + 30 * minuteMs)
  const after = await openTimers(stateDir)
  await after.keeper.advance(minuteMs)
  const runs = await after.runsOf('everyMinute')
  expect(runs.map(({ timer }) => timer.isPastDue)).toEqual([true, false])
})

test('a schedule that was changed while the host was down is not past due', async () => {
  const stateDir = temporaryDirectory()
  const before = await openTimers(stateDir)
  await before.stop()
  setClockOffsetMs(clockOffsetMs() + 120 * minuteMs)
  vi.stubEnv('HOURLY', '0 0 3 1 1 *')
  const after = await openTimers(stateDir)
  await after.keeper.advance(1_000)
  expect(await after.runsOf('hourly')).toEqual([])
})

test('runOnStartup runs once at the start', async () => {
  const { keeper, runsOf } = await openTimers()
  await keeper.advance(5 * minuteMs)
  expect(await runsOf('atStart')).toHaveLength(1)
})

test('runs of one timer never overlap', async () => {
  vi.stubEnv('SECONDLY', 'true')
  const { runsOf } = await openTimers()
  await new Promise((resolve) => setTimeout(resolve, 3_500))
  const runs = await runsOf('secondly')
  expect(runs.length).toBeGreaterThanOrEqual(2)
  for (const [index, run] of runs.slice(1).entries())
    expect(run.at).toBeGreaterThanOrEqual(runs[index]?.endedAt ?? Number.POSITIVE_INFINITY)
})

test('a failing run is tried again after its pause of virtual time, and the schedule goes on', async () => {
  const { keeper, runsOf } = await openTimers()
  const wallStart = performance.now()
  await keeper.advance(120 * minuteMs)
  const runs = await runsOf('failing')
  expect(runs.map(({ retry }) => retry)).toEqual([0, 1, 2, 0, 1, 2])
  expect((runs[1]?.at ?? 0) - (runs[0]?.at ?? 0)).toBeGreaterThanOrEqual(40_000)
  expect(performance.now() - wallStart).toBeLessThan(10_000)
})

const from = Date.UTC(2026, 0, 1)
test.each([
  ['0 */5 * * * *', '2026-01-01T00:05:00.000Z', false],
  ['*/10 * * * * *', '2026-01-01T00:00:10.000Z', true],
  ['*/5 * * * *', '2026-01-01T00:05:00.000Z', false],
  ['0 0 9-17/2 * * Mon-Fri', '2026-01-01T09:00:00.000Z', false],
  ['0 0 0 13 * 5', '2026-02-13T00:00:00.000Z', false],
  ['0 15,45 * * Jan *', '2026-01-01T00:15:00.000Z', false],
])('%s is next due at %s', (expression, next, frequent) => {
  const schedule = parseSchedule(expression)
  const localMs = new Date(2026, 0, 1).getTime()
  expect(new Date(schedule.next(localMs) - localMs + from).toISOString()).toBe(next)
  expect(schedule.frequent).toBe(frequent)
})

test.each([
  '0 0 0 * * 7',
  '0 0 0 L * *',
  '0 0 0 * * 5#2',
  '@daily',
  '00:05:00',
  '0 0 0 31 2 *',
  '60 * * * * *',
])('%s is refused', (expression) => {
  expect(() => parseSchedule(expression)).toThrow('is not an NCRONTAB expression')
})

import { beforeAll, expect, test } from 'vitest'
import { onePartition } from '../../../src/store/store.ts'
import { eus } from '../world.ts'
import { failedPercent, flaws, recoveryMinutes, repairsOf, throttledIn, writesPerHour } from './bars.ts'
import { keeps } from './keeps.ts'
import { openStage, type Played, type Stage } from './play.ts'
import { writesOf } from './puts.ts'
import * as scenes from './scenarios.ts'

/**
 * The rebalancer on the simulated Azure, on the virtual clock: generated traffic through the real policies, the real SDK, metrics as late as
 * Azure's, alerts that really came. `BALANCE_SCENARIOS=all` plays the long ones too, and `day` the one that
 * needs a process of its own (`npm run test:long`).
 */
const chosen = process.env['BALANCE_SCENARIOS'] ?? 'short'

let play: Stage
beforeAll(async () => {
  play = await openStage()
}, 120_000)

/** Plays it with static weights and with those that follow: the same calls, the same Azure. */
async function sideBySide(scenario: scenes.Scenario): Promise<Played> {
  const [followed, fixed] = [await play(scenario, 'auto'), await play(scenario, 'off')]
  expect(writesOf(fixed)).toEqual([])
  expect(fixed.calls.sent, 'they are the same calls').toBe(followed.calls.sent)
  const [ours, theirs] = [failedPercent(followed.calls), failedPercent(fixed.calls)]
  const recovery = scenario.dropMinute === undefined ? undefined : recoveryMinutes(followed)
  console.log(
    `${scenario.name}: ${recovery === undefined ? '' : `recovered in ${recovery} min, `}${writesPerHour(followed)} writes an hour, ` +
      `${ours.toFixed(2)} % of ${followed.calls.sent} calls failed (static ${theirs.toFixed(2)} %), ` +
      `${throttledIn(followed)} answers 429 (static ${throttledIn(fixed)})`,
  )
  keeps(followed)
  expect(ours, 'never much worse than the shares of the quotas').toBeLessThan(
    theirs + (scenario.worsePoints ?? 1.5),
  )
  if (scenario.dropMinute !== undefined) {
    expect(recovery, 'minutes from when it could be known').toBeDefined()
    expect(recovery).toBeLessThanOrEqual(10)
  }
  return followed
}

const ours = ({ minutes }: Played, minute: number): number => minutes.at(minute)?.shares[eus] ?? Number.NaN
const byQuota = 100 / 130

if (chosen !== 'day') {
  test('a region that takes less: the weights follow within minutes, and more calls get through', async () => {
    const played = await sideBySide(scenes.drop)
    expect(played.app.episodes(), 'an alert, or a busy minute, opens an episode').toBe(1)
    expect(ours(played, -1)).toBeLessThan(0.62)
  }, 180_000)

  test('weights somebody else has set stay, whatever the region does', async () => {
    const played = await play(scenes.foreignEdit, 'auto')
    keeps(played)
    expect(writesOf(played)).toEqual([])
    expect(ours(played, -1)).toBeCloseTo(0.2)
    expect(played.row?.hold?.reason).toBe('edited')
  }, 180_000)

  test('a thousand alerts at once are one episode, and cost what one costs', async () => {
    const played = await play(scenes.storm, 'auto')
    keeps(played)
    expect(await played.app.world.store.alerts.list(onePartition)).toHaveLength(1_000)
    expect(played.app.episodes()).toBe(1)
    expect(played.row?.episode, 'fifteen quiet minutes later it is over').toBe(undefined)
  }, 180_000)
}

if (chosen === 'all') {
  test('a region that takes less and comes back: its share does, too', async () => {
    const played = await sideBySide(scenes.degrade)
    expect(ours(played, 65)).toBeLessThan(0.62)
    expect(ours(played, -1)).toBeGreaterThan(0.65)
  }, 600_000)

  test('a region that fails is left, and found again', async () => {
    await sideBySide(scenes.outage)
  }, 600_000)

  test('a quota that somebody halves', async () => {
    await sideBySide(scenes.quotaHalved)
  }, 600_000)

  test('what flaps faster than it can be measured is not chased', async () => {
    await sideBySide(scenes.flap)
  }, 600_000)

  test('without metrics the shares go back to the quotas, and with them the law goes on', async () => {
    const played = await sideBySide(scenes.blackout)
    expect(ours(played, 28)).toBeLessThan(0.65)
    for (let minute = 60; minute < 118; minute++)
      expect(ours(played, minute), `minute ${minute}`).toBeCloseTo(byQuota, 1)
    expect(ours(played, -1)).toBeLessThan(0.65)
    expect(played.decisions.map(({ reason }) => reason)).toContain('metrics unreadable')
  }, 600_000)

  test('a quiet pool costs a sweep in five minutes, and no write', async () => {
    const played = await sideBySide(scenes.quiet)
    expect(writesOf(played)).toEqual([])
    expect(played.app.called['decideWeights'] ?? 0).toBe(0)
    expect(played.app.called['sweep']).toBe(scenes.quiet.minutes / 5)
  }, 600_000)

  test('rebalancer and repairs do not undo each other', async () => {
    const played = await play(scenes.repaired, 'auto', { repairs: true })
    const written = played.decisions.filter(({ state }) => state === 'written').length
    const repairs = repairsOf(played)
    const drifts = scenes.repaired.happenings.filter((happening) => 'description' in happening).length
    console.log(`${written} moves, ${repairs} repairs of ${drifts} changes by a stranger`)
    expect(flaws(played, { repairs: true })).toEqual([])
    expect(written).toBeGreaterThan(0)
    expect(repairs).toBeGreaterThan(2)
    expect(repairs, 'once for each that was found').toBeLessThanOrEqual(drifts)
    expect(writesOf(played)).toHaveLength(written + repairs)
    expect(played.row?.hold, 'a repair is no stranger').toBe(undefined)
    const operations = await played.app.world.store.operations.list('contoso')
    expect(operations.filter(({ automatic }) => automatic).map(({ state }) => state)).toEqual(
      Array.from({ length: repairs }, () => 'succeeded'),
    )
  }, 900_000)
}

if (chosen === 'day') {
  test('a stranger’s weights stay a day, and then are the base', async () => {
    const played = await play(scenes.foreignEditExpires, 'auto')
    keeps(played)
    const [first] = writesOf(played)
    expect(first?.atMs).toBeGreaterThan(played.beganMs + 24 * 3_600_000)
    expect(ours(played, 24 * 60)).toBeCloseTo(0.2)
    expect(ours(played, -1)).toBeGreaterThan(0.6)
    expect(played.row?.hold).toBe(undefined)
  }, 1_800_000)
}

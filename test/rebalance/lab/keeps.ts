import { expect } from 'vitest'
import { flaws, metricReads, writesPerHour } from './bars.ts'
import type { Played } from './play.ts'
import { writesOf } from './puts.ts'

/** What holds whatever happens. */
export function keeps(played: Played): void {
  const { decisions, app } = played
  expect(flaws(played)).toEqual([])
  expect(writesPerHour(played)).toBeLessThanOrEqual(20)
  const written = decisions.filter(({ state }) => state === 'written')
  expect(written).toHaveLength(writesOf(played).length)
  expect(decisions.map(({ state }) => state)).not.toContain('decided')
  const turns = (app.called['sweep'] ?? 0) + (app.called['decideWeights'] ?? 0)
  expect(metricReads(played), 'two reads for each of two accounts and turn').toBeLessThanOrEqual(4 * turns)
  expect(app.called['sweep'], 'a sweep in five minutes').toBeLessThanOrEqual(played.scenario.minutes / 5 + 1)
  expect(app.called['decideWeights'] ?? 0).toBeLessThanOrEqual(played.scenario.minutes + app.episodes())
}

import { expect, test } from 'vitest'
import { failedPercent, writesPerHour } from './bars.ts'
import { keeps } from './keeps.ts'
import { openStage } from './play.ts'
import { writesOf } from './puts.ts'
import { soak } from './scenarios.ts'

/** Virtual hours of it. `BALANCE_SOAK_HOURS=24` is a day (`npm run test:long`); BALANCE_SEED chooses what happens. */
const hours = Number(process.env['BALANCE_SOAK_HOURS'] ?? 1)
const seed = Number(process.env['BALANCE_SEED'] ?? 7)

test(`${hours} virtual hours of troubles end without an error, and what is kept stays small (BALANCE_SEED=${seed})`, async () => {
  const play = await openStage()
  const played = await play(soak(seed, hours), 'auto')
  keeps(played)
  const { row, decisions, app, calls } = played
  const characters = JSON.stringify(row).length
  console.log(
    `${hours} h: ${writesOf(played).length} writes (${writesPerHour(played)} in an hour at most), ${decisions.length} decisions, ` +
      `${app.episodes()} episodes, ${characters} characters in the row, ${failedPercent(calls).toFixed(2)} % of ${calls.sent} calls failed`,
  )
  // A table's text holds 32k characters (64 KB of UTF-16).
  expect(characters).toBeLessThan(20_000)
  expect(row?.ungraded.length).toBeLessThanOrEqual(20)
  expect(row?.writesMs.length).toBeLessThanOrEqual(20)
  expect(decisions.length, 'holds of one reason are one row').toBeLessThan(hours * 40)
  expect(row?.hold, 'what was refused for a while is not a stranger’s').not.toMatchObject({
    reason: 'edited',
  })
}, 1_800_000)

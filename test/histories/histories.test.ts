import { afterAll, beforeAll, test } from 'vitest'
import { play } from './play.ts'
import { prove, runs, seed } from './prove.ts'
import { histories, inWords } from './steps.ts'
import { networkDrifts } from './strangers.ts'
import { small } from './subjects.ts'
import { type Here, openHere } from './world.ts'

/**
 * Random histories of a small environment, and what must hold after each operation of any of them (invariants.ts). HISTORIES sets how many
 * are played here and in its sister files, FC_SEED and FC_PATH replay one.
 */
let here: Here
beforeAll(async () => {
  here = await openHere()
})
afterAll(() => here.close())

const scope = {
  subject: small(),
  drifts: networkDrifts,
  calls: 200,
  mostKills: 3,
  mostSteps: 5,
  provisioned: 7,
}
const count = runs(0.95)

test(
  `the invariants hold over ${count} random histories (FC_SEED=${seed})`,
  () =>
    prove(histories(scope), { runs: count, seed, inWords: (it) => inWords(it, scope) }, (history) =>
      play(here, scope, history),
    ),
  300_000 + count * 2_000,
)

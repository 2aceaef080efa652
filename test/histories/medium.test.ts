import { afterAll, beforeAll, expect, test } from 'vitest'
import { play } from './play.ts'
import { prove, runs, seed } from './prove.ts'
import { histories, inWords } from './steps.ts'
import { movedPools, platformDrifts, theirMarks } from './strangers.ts'
import { medium } from './subjects.ts'
import { everything, type Here, openHere } from './world.ts'

/** The same for the whole reference document: accounts, deployments, pools, data services, roles and agents. Most begin provisioned. */
let here: Here
beforeAll(async () => {
  here = await openHere({ surroundings: everything })
})
afterAll(() => here.close())

const scope = {
  subject: medium(),
  drifts: platformDrifts,
  calls: 1000,
  mostKills: 3,
  mostSteps: 4,
  provisioned: 9,
}
const count = runs(0.1)

test(
  `the invariants hold over ${count} random histories of the whole environment (FC_SEED=${seed})`,
  () =>
    prove(histories(scope), { runs: count, seed, inWords: (it) => inWords(it, scope) }, (history) =>
      play(here, scope, history),
    ),
  300_000 + count * 10_000,
)

test('each thing a stranger does is taken by Azure, and can be seen', async () => {
  const document = scope.subject.document(0)
  const inVain: string[] = []
  for (const { words, act } of platformDrifts) {
    await here.reset(document)
    const before = (await here.resources()).length
    const statuses: number[] = []
    await act(
      await here.resources(),
      async (...call) => {
        const status = await here.stranger(...call)
        statuses.push(status)
        return status
      },
      0,
    )
    const world = await here.resources()
    const seen = [
      ...(await here.planned(document)),
      ...theirMarks(world),
      ...movedPools(world),
      ...(world.length === before ? [] : ['more or fewer']),
    ]
    if (statuses.length === 0 || statuses.some((it) => it >= 400) || seen.length === 0)
      inVain.push(`${words}: ${statuses}, ${seen.length} signs`)
  }
  expect(inVain).toEqual([])
}, 120_000)

import { afterAll, beforeAll, expect, test } from 'vitest'
import { comparable } from '../stories/lab.ts'
import { play } from './play.ts'
import { prove, runs, seed } from './prove.ts'
import { type History, histories, inWords } from './steps.ts'
import { networkDrifts } from './strangers.ts'
import { small } from './subjects.ts'
import { type Here, openHere } from './world.ts'

/** Invariant 2: a run killed at any point and resumed ends as the uninterrupted one ends. */
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
  mostSteps: 3,
  provisioned: 7,
}
const count = runs(0.05)

/** The same history in peace. Faults strike by the count of calls, which kills change: they are left out of both. */
const undisturbed = (history: History): History => ({
  ...history,
  steps: history.steps.map((step) => ('kills' in step ? { ...step, kills: [] } : step)),
})
const withoutFaults = (history: History): History => ({
  ...history,
  steps: history.steps.filter((step) => step.do !== 'fault'),
})

test(
  `${count} histories end the same whether they are killed or not (FC_SEED=${seed})`,
  () =>
    prove(histories(scope), { runs: count, seed, inWords: (it) => inWords(it, scope) }, async (drawn) => {
      const history = withoutFaults(drawn)
      const killed = await play(here, scope, history)
      const whole = await play(here, scope, undisturbed(history))
      expect(killed.ends).toEqual(whole.ends)
      expect(comparable(killed.world)).toEqual(comparable(whole.world))
    }),
  300_000 + count * 8_000,
)

test('killed at every single call of a provision and resumed, it ends as the run that was not', async () => {
  const document = scope.subject.document(0)
  await here.reset()
  await here.carryOut({ kind: 'provision', document }, [])
  const world = comparable(await here.resources())
  for (let at = 2; at < 320; at += 19) {
    await here.reset()
    const operation = await here.carryOut({ kind: 'provision', document }, [at, at + 40, at + 150])
    expect(operation.state, `killed at ${at}`).toBe('succeeded')
    expect(comparable(await here.resources()), `killed at ${at}`).toEqual(world)
  }
}, 120_000)

import type { Fault } from '../../probes/faults.ts'
import type { Inject } from './injections.ts'
import type { World } from './world.ts'

/** What came of one fault: what was told, of what, how soon, and how it ended. */
export interface Suffered {
  id: string
  /** Key of the cause of the one incident, or of all of them; as it is last explained. */
  named: string
  message: string
  fired: number
  resolved: number
  /** Rounds after the injection until the alert, and after the healing until it was told to be over. */
  roundsToFire: number
  roundsToResolve: number
  /** What failed by itself while it lasted. */
  roots: string[]
  muted: number
  /** Everything that is not as it must be; empty when it is. */
  wrong: string
}

/** Of what a window of ten minutes tells, late by three, one hears last. */
const mostRounds = 20

/** Injects, waits for the alert and a while longer, heals, waits for the end. The world is as before afterwards. */
export async function suffer(world: World, fault: Fault, inject: Inject): Promise<Suffered> {
  world.told()
  const told: ReturnType<World['told']> = []
  const until = async (isReached: () => boolean | Promise<boolean>): Promise<number> => {
    for (let rounds = 1; rounds <= mostRounds; rounds++) {
      await world.rounds(1)
      told.push(...world.told())
      if (await isReached()) return rounds
    }
    return Number.POSITIVE_INFINITY
  }
  const before = new Set((await world.incidents()).map(({ id }) => id))
  const mine = async () => (await world.incidents()).filter(({ id }) => !before.has(id))
  await inject(world.hands)
  const roundsToFire = await until(() => told.length > 0)
  // Long enough for a second alert, were there one to come.
  await world.rounds(2)
  told.push(...world.told())
  const incidents = await mine()
  await world.hands.undo()
  const roundsToResolve = await until(
    async () =>
      (await mine()).every(({ state }) => state === 'resolved') && (await world.failing()).length === 0,
  )
  const count = (alert: string) => told.filter((one) => one.alert === alert).length
  const [fired, resolved] = [count('fired'), count('resolved')]
  const named = incidents.map(({ cause }) => cause.key).join(' and ')
  const message = incidents.map(({ cause }) => cause.message).join(' | ')
  const complaints = [
    ...(named === fault.cause ? [] : [`named ${named || 'nothing'}, not ${fault.cause}`]),
    ...(fault.says.test(message) ? [] : [`said “${message}”`]),
    ...(fired === 1 ? [] : [`${fired} alerts`]),
    ...(resolved === fired ? [] : [`${resolved} resolves`]),
    ...(Number.isFinite(roundsToResolve) ? [] : ['not over']),
  ]
  return {
    id: fault.id,
    named,
    message,
    fired,
    resolved,
    roundsToFire,
    roundsToResolve,
    roots: incidents.flatMap(({ cause }) => cause.roots),
    muted: incidents.reduce((sum, { cause }) => sum + cause.muted.length, 0),
    wrong: complaints.join('; '),
  }
}

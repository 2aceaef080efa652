import { act } from './operations/act.ts'
import type { Acted, Looked, Orders, Run, World } from './operations/deeds.ts'
import { look } from './operations/look.ts'
import type { AgentRun } from './probing/agent-run.ts'
import { decideWeights } from './rebalance/decide-weights.ts'
import type { BalanceWorld, Ending, Order, Turn, Watched } from './rebalance/deeds.ts'
import { setWeights } from './rebalance/set-weights.ts'
import { isStoreTrouble } from './store/table.ts'

/** How long to wait when the app's own tables do not answer. */
const storeTroubleSeconds = 15

/**
 * The deeds the orchestrations may ask for. They are called at least once each, and end by returning: trouble of Azure or of the store is an
 * answer, so that only a broken program fails an orchestration.
 * @param open what they need of the world, with a log for the invocation
 * @param runAgent asks a probe that takes minutes
 */
export const createActivities = (
  open: (log: World['log']) => BalanceWorld,
  runAgent: (run: AgentRun) => Promise<string>,
) => ({
  async look(run: Run, log: World['log']): Promise<Looked> {
    return orElse({ act: [], waitSeconds: storeTroubleSeconds }, log, () => look(open(log), run))
  },
  async act(orders: Orders, log: World['log']): Promise<Acted> {
    return orElse({ done: 0, accepted: 0, later: 0, refused: 0 }, log, () => act(open(log), orders))
  },
  async decideWeights(watched: Watched, log: World['log']): Promise<Turn> {
    return orElse({ busy: false, over: false }, log, () => decideWeights(open(log), watched))
  },
  async setWeights(order: Order, log: World['log']): Promise<Ending> {
    return orElse({ is: 'unheard' }, log, () => setWeights(open(log), order))
  },
  async askAgent(run: AgentRun, log: World['log']): Promise<string> {
    return orElse('not kept', log, () => runAgent(run))
  },
})

export type Activities = ReturnType<typeof createActivities>

async function orElse<Value>(value: Value, log: World['log'], work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (!isStoreTrouble(error)) throw error
    log(`the store does not answer: ${error instanceof Error ? error.message : String(error)}`)
    return value
  }
}

import type { OrchestrationContext, OrchestrationHandler } from 'durable-functions'

/** Durable Functions as far as the product's plots need it: they sleep until their time, and are as good as alive meanwhile. */
export interface Plots {
  status(id: string): 'absent' | 'alive' | 'ended'
  /** One that is alive already is left alone. */
  start(id: string, plot: OrchestrationHandler, input: unknown): void
  /** When the next of them wakes. */
  nextMs(): number
  /** Plays those whose time has come, until each waits again or ends. */
  wake(): Promise<void>
  /** By name, how often an activity was called. */
  called: Record<string, number>
}

type Asked = { name: string; input: unknown } | { at: Date }
type Activity = (input: unknown) => Promise<unknown>

export function openPlots(activities: Record<string, Activity>): Plots {
  const alive = new Map<string, { plot: OrchestrationHandler; input: unknown; dueMs: number }>()
  const ended = new Set<string>()
  const called: Record<string, number> = {}

  /** One execution: to its timer, or to its end. @returns when it goes on; undefined: it does not */
  async function execute(plot: OrchestrationHandler, input: unknown): Promise<number | undefined> {
    let dueMs: number | undefined
    const df = {
      getInput: () => input,
      currentUtcDateTime: new Date(),
      callActivity: (name: string, given: unknown): Asked => ({ name, input: given }),
      createTimer: (at: Date): Asked => ({ at }),
      continueAsNew: () => {},
    }
    const played = plot({ df } as unknown as OrchestrationContext)
    for (let step = played.next(); !step.done; ) {
      const asked = step.value as unknown as Asked
      if ('at' in asked) {
        dueMs = asked.at.getTime()
        step = played.next(undefined as never)
      } else {
        called[asked.name] = (called[asked.name] ?? 0) + 1
        step = played.next((await activities[asked.name]?.(asked.input)) as never)
      }
    }
    return dueMs
  }

  return {
    called,
    status: (id) => (alive.has(id) ? 'alive' : ended.has(id) ? 'ended' : 'absent'),
    start(id, plot, input) {
      if (!alive.has(id)) alive.set(id, { plot, input, dueMs: Date.now() })
    },
    nextMs: () => Math.min(...[...alive.values()].map(({ dueMs }) => dueMs)),
    async wake() {
      for (const [id, one] of alive) {
        if (one.dueMs > Date.now()) continue
        const dueMs = await execute(one.plot, one.input)
        if (dueMs === undefined) {
          alive.delete(id)
          ended.add(id)
        } else one.dueMs = dueMs
      }
    },
  }
}

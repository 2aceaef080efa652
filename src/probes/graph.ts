import type { Probe, Verdict } from './probe.ts'

/** What is known of a probe now. Without a fresh verdict it says nothing: it is no root, and mutes nobody. */
export interface State {
  result: Verdict['result']
  fresh: boolean
}

export interface Failing {
  /** Ids of failing probes none of whose needs fails, however far back: where the trouble begins. */
  roots: string[]
  /** Failing probe → the roots it waits for. Muted are its alerts; it is asked as ever. */
  muted: Map<string, string[]>
}

/** Which of the failing probes are the trouble, and which only its echo. Pure. */
export function roots(probes: Probe[], states: ReadonlyMap<string, State>): Failing {
  const byId = new Map(probes.map((probe) => [probe.id, probe]))
  const fails = (id: string): boolean => {
    const state = states.get(id)
    return state?.fresh === true && state.result === 'fail'
  }
  const behind = new Map<string, Set<string>>()
  /** The failing probes before this one that nothing failing is before. */
  const rootsBefore = (id: string): Set<string> => {
    const known = behind.get(id)
    if (known) return known
    const found = new Set<string>()
    // Set first: a need that comes round to itself ends here, instead of never.
    behind.set(id, found)
    for (const need of byId.get(id)?.needs ?? []) {
      const before = rootsBefore(need)
      for (const root of before) found.add(root)
      if (before.size === 0 && fails(need)) found.add(need)
    }
    return found
  }
  const failing = probes.map(({ id }) => id).filter(fails)
  return {
    roots: failing.filter((id) => rootsBefore(id).size === 0),
    muted: new Map(
      failing.flatMap((id) => {
        const before = [...rootsBefore(id)]
        return before.length > 0 ? [[id, before] as const] : []
      }),
    ),
  }
}

import pLimit from 'p-limit'
import type { Probe, Verdict } from '../probes/probe.ts'
import type { Taken } from './rows.ts'

/** Calls under way at one time: over everything, and of one `limit`, so that a slow host delays its own probes and nobody else's. */
export const mostAtOnce = 24
export const mostPerLimit = 4

export interface Asking {
  /** Asks all of them, and gives those verdicts that are there by the deadline: its own, and those of earlier ones that ran on. */
  ask(probes: Probe[], ask: (probe: Probe) => Promise<Verdict>, deadlineMs: number): Promise<Taken[]>
}

/**
 * Asks probes in parallel under limits. What still runs at the deadline runs on to its module's own time limit, is not asked again meanwhile, and
 * its verdict is handed out with a later call's. What has not begun by then has not been asked.
 * @param broken hears of probes that ended without a verdict: a defect of ours, not of the target
 */
export function openAsking(broken: (probe: Probe, error: unknown) => void, clock = Date.now): Asking {
  const overall = pLimit(mostAtOnce)
  const perLimit = new Map<string, ReturnType<typeof pLimit>>()
  const underWay = new Set<string>()
  let taken: Taken[] = []

  const limitOf = (name: string) => {
    const found = perLimit.get(name) ?? pLimit(mostPerLimit)
    perLimit.set(name, found)
    return found
  }

  async function one(probe: Probe, ask: (probe: Probe) => Promise<Verdict>, deadlineMs: number) {
    if (clock() >= deadlineMs || underWay.has(probe.id)) return
    underWay.add(probe.id)
    const atMs = clock()
    try {
      const verdict = await ask(probe)
      taken.push({ probe: probe.id, atMs, verdict })
    } catch (error) {
      broken(probe, error)
    } finally {
      underWay.delete(probe.id)
    }
  }

  return {
    async ask(probes, ask, deadlineMs) {
      const all = probes.map((probe) =>
        limitOf(probe.limit)(() => overall(() => one(probe, ask, deadlineMs))),
      )
      await Promise.race([Promise.all(all), until(deadlineMs - clock())])
      const given = taken
      taken = []
      return given
    },
  }
}

function until(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)).unref())
}

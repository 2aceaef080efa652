import type { Resource } from '../resources/kind.ts'
import { kindOf } from '../resources/kinds.ts'
import { lockDomain } from '../resources/place.ts'
import type { Remembered, Standing } from './standing.ts'

/**
 * What a look leaves unread. A look comes because something somewhere may have moved, and among many resources something always may: reading all
 * that is not settled each time would cost the more per resource, the more there are.
 */

/** A look that comes a little early for something serves it too, so that beats fall together. */
const slack = 0.4

interface Looks {
  /** Of earlier turns. */
  remembered: ReadonlyMap<string, Remembered>
  /** When the look before this one was; undefined: this is the first. */
  lookedMs: number | undefined
  nowMs: number
}

/**
 * Those of `resources` that need not be read now, with the seconds until they do (none: when what they wait for has moved): what Azure is working on
 * has a beat of its own, and what waits to be written has no turn while Azure is at work in its lock domain.
 * @param standings as far as they are known
 */
export function spared(
  resources: Resource[],
  standings: ReadonlyMap<string, Standing>,
  { remembered, lookedMs, nowMs }: Looks,
): Map<string, number | undefined> {
  if (lookedMs === undefined) return new Map()
  const busy = new Set(
    resources.filter(({ key }) => standings.get(key)?.phase === 'settling').map(({ id }) => lockDomain(id)),
  )
  return new Map(
    resources.flatMap((resource): [string, number | undefined][] => {
      const before = remembered.get(resource.key)
      if (before?.phase === 'settling') {
        const beatMs = beat(resource, lookedMs - before.sinceMs)
        // The last look and this one must count beats alike: what the one was too late for, the other is not too early for.
        const beats = (atMs: number) => Math.floor((atMs - before.sinceMs) / beatMs + slack)
        if (beats(nowMs) > beats(lookedMs)) return []
        const dueMs = before.sinceMs + (beats(nowMs) + 1) * beatMs
        return [[resource.key, (dueMs - nowMs) / 1000]]
      }
      // Seen before, and found to want writing.
      const wanting = before?.phase === 'pending' && before.synced === 'False'
      return wanting && busy.has(lockDomain(resource.id)) ? [[resource.key, undefined]] : []
    }),
  )
}

/** What has taken long will hardly end this very moment: looking costs one hundredth of the time waited, at most. */
const beat = (resource: Resource, workedMs: number): number =>
  Math.max(kindOf(resource).timing.pollSeconds * 1000, workedMs / 100)

import { isObject, type Json, type JsonObject, type Kind } from '../resources/kind.ts'
import { type Change, difference } from './difference.ts'
import type { Resolved } from './resolve.ts'

/** What was seen of a resource. "Could not read" is a state of its own: it is never taken for missing. */
export type Observation =
  | { state: 'unknown'; reason: string; message: string }
  | { state: 'missing' }
  /** Azure is working on it: wait, do not touch. */
  | { state: 'settling'; provisioning: string }
  /** Azure gave up on it. `changes`: what besides is not as described, where that can be told. */
  | { state: 'failed'; provisioning: string; changes?: Change[] }
  /** It is there, but what it should look like is not known before `on` is ready. */
  | { state: 'undecided'; on: string }
  | { state: 'drifted'; changes: Change[] }
  | { state: 'ready' }

/** Words with which Azure says that it has stopped without success (azure-facts 3.2, 7.7, 12.2). */
const gaveUp = new Set(['failed', 'canceled', 'cancelled', 'terminationfailed', 'stopped', 'disabled'])

const usualStatus = { at: 'properties.provisioningState', rests: ['succeeded'] }

/** Judges a live body (undefined: Azure answered 404) against the described one. Pure. */
export function appraise(kind: Kind, wanted: Resolved, live: JsonObject | undefined): Observation {
  if (live === undefined) return { state: 'missing' }
  const { at, rests } = kind.status ?? usualStatus
  const provisioning = textAt(live, at)
  const word = provisioning?.toLowerCase()
  if (provisioning !== undefined && word !== undefined) {
    if (gaveUp.has(word))
      return {
        state: 'failed',
        provisioning,
        ...('body' in wanted ? { changes: difference(kind, wanted.body, live) } : {}),
      }
    if (!rests.includes(word)) return { state: 'settling', provisioning }
  }
  if ('waitsFor' in wanted) return { state: 'undecided', on: wanted.waitsFor }
  const changes = difference(kind, wanted.body, live)
  return changes.length === 0 ? { state: 'ready' } : { state: 'drifted', changes }
}

/** Whether a live body shows that Azure has nothing left to do on it. */
export function isSettled(kind: Kind, live: JsonObject): boolean {
  const { at, rests } = kind.status ?? usualStatus
  const word = textAt(live, at)?.toLowerCase()
  return word === undefined || rests.includes(word)
}

/** Undefined where there is no text: then there is nothing to wait for. */
function textAt(live: JsonObject, path: string): string | undefined {
  const found = path
    .split('.')
    .reduce<Json | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), live)
  return typeof found === 'string' ? found : undefined
}

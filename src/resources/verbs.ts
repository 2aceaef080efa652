import type { Arm } from '../azure/arm.ts'
import { merged } from '../reconcile/difference.ts'
import { appraise, type Observation } from '../reconcile/observation.ts'
import { classify, type Failure, type Outcome, outcomeOf } from '../reconcile/outcome.ts'
import { type Live, resolve } from '../reconcile/resolve.ts'
import type { JsonObject, Resource } from './kind.ts'
import { kindOf } from './kinds.ts'

/**
 * The three verbs of a managed thing. Each may be called twice, and none waits: Azure's work is seen by observing again. There are no
 * others: to provision is to apply what is missing, to repair is to apply what has drifted.
 */

export interface Seen {
  observation: Observation
  /** The body as Azure shows it. */
  live?: JsonObject
}

/** Reads only. "Could not read" is the observation `unknown`, never `missing`. */
export async function observe(arm: Arm, resource: Resource, live: Live): Promise<Seen> {
  const kind = kindOf(resource)
  const read = await arm.read(kind, resource.id)
  if (read.is === 'unreadable')
    return {
      observation: { state: 'unknown', reason: reasonOf(read.failure), message: read.failure.message },
    }
  if (read.is === 'missing') return { observation: { state: 'missing' } }
  return { observation: appraise(kind, resolve(resource, live), read.body), live: read.body }
}

/**
 * Makes it as described, by one PUT of the live body with the described one laid over it; or does nothing, when a last look shows
 * that nothing is to be done.
 * @param begin called right before Azure is, knowing whether the resource is there; answering false keeps Azure from being called, because an
 * earlier write of the same may be under way
 */
export async function apply(
  arm: Arm,
  resource: Resource,
  live: Live,
  begin: (isThere: boolean) => Promise<boolean>,
): Promise<Outcome> {
  const kind = kindOf(resource)
  const wanted = resolve(resource, live)
  if ('waitsFor' in wanted)
    return { is: 'later', reason: 'Waiting', message: `waits for what ${wanted.waitsFor} will say` }
  const read = await arm.read(kind, resource.id)
  if (read.is === 'unreadable') return classify(read.failure)
  const found = read.is === 'found' ? read : undefined
  const state = found && appraise(kind, wanted, found.body).state
  if (state === 'ready') return { is: 'done' }
  if (state === 'settling') return { is: 'accepted' }
  const body = merged(kind, wanted.body, found?.body)
  const condition = !kind.conditional
    ? undefined
    : found
      ? found.etag
        ? { ifMatch: found.etag }
        : undefined
      : kind.conditional === 'updates'
        ? undefined
        : { ifNoneMatch: '*' as const }
  if (!(await begin(found !== undefined))) return { is: 'accepted' }
  const written = await arm.write(kind, resource.id, body, condition)
  if (written.is === 'failed') return outcomeOf(written.failure)
  return written.is === 'accepted' ? written : { is: 'done' }
}

/**
 * Takes it away; already gone counts as done, and what Azure is removing already is left alone.
 * @param begin called once it is certain that Azure will be called, before it is
 */
export async function remove(
  arm: Arm,
  resource: Resource,
  begin: (isThere: boolean) => Promise<boolean>,
): Promise<Outcome> {
  const kind = kindOf(resource)
  const read = await arm.read(kind, resource.id)
  if (read.is === 'unreadable') return classify(read.failure)
  if (read.is === 'missing') return { is: 'done' }
  if (appraise(kind, { body: {} }, read.body).state === 'settling') return { is: 'accepted' }
  if (!(await begin(true))) return { is: 'accepted' }
  const condition = kind.conditional && read.etag ? { ifMatch: read.etag } : undefined
  const removed = await arm.remove(kind, resource.id, condition)
  if (removed.is === 'failed') return classify(removed.failure)
  return removed.is === 'accepted' ? removed : { is: 'done' }
}

const reasonOf = (failure: Failure) => failure.code || `Http${failure.status}`

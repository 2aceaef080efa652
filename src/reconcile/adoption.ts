import { isDeepStrictEqual } from 'node:util'
import type { Resource } from '../resources/kind.ts'
import type { Change } from './difference.ts'
import type { Observation } from './observation.ts'
import { again } from './patience.ts'
import { riskOf, taking } from './plan.ts'
import type { Situation } from './situation.ts'
import { act, fail, say, type Verdict } from './verdict.ts'

/**
 * Taking over what is there under a name the document describes as ours, and was not made by this service (docs/decisions/0010). As described
 * already, it is noted as ours and not written. Otherwise nobody rewrites it before a person has seen what changes and approved.
 */

/** Judges a foreign resource that is as described: from now on it is ours. */
export const adopted = (resource: Resource): Verdict => ({
  ...say(
    resource,
    'ready',
    'True',
    'True',
    'Adopted',
    'was there and is as described: from now on it is this service’s, and protected',
  ),
  wants: 'adopt',
})

/** Judges a foreign resource that is there and otherwise than described, or that Azure gave up on. */
export function adoptable(
  resource: Resource,
  situation: Situation,
  observation: Extract<Observation, { state: 'failed' | 'drifted' }>,
): Verdict {
  const changes = observation.changes ?? []
  const what = taking(observation)
  const works = observation.state === 'failed' ? 'False' : 'True'
  if (riskOf(resource, changes) === 'destructive')
    return fail(
      resource,
      'NotChangeable',
      `${what}, which Azure cannot change in place: give it another name in the document, or remove it first`,
      'False',
      works,
    )
  if (!isApproved(situation, resource, changes))
    return say(
      resource,
      'awaiting',
      'False',
      works,
      'AwaitingApproval',
      `${what}: approve the plan, or cancel the operation and give it another name in the document`,
    )
  const intent = situation.intents.get(resource.key)
  return intent ? again(resource, situation, intent, what) : act(resource, 'Adopting', what)
}

/** Whether a person has approved taking it over, with the very changes that are seen now. */
function isApproved({ approved }: Situation, { key }: Resource, changes: Change[]): boolean {
  const step = approved.get(key)
  return step?.action === 'adopt' && isDeepStrictEqual(step.changes, changes)
}

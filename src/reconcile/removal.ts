import type { Resource } from '../resources/kind.ts'
import { kindOf } from '../resources/kinds.ts'
import { isForeign } from '../resources/made.ts'
import { isProtected } from '../resources/protection.ts'
import { classify } from './outcome.ts'
import { again, settling, unreadable } from './patience.ts'
import type { Situation } from './situation.ts'
import type { Intent, Standing } from './standing.ts'
import { act, fail, say, type Verdict, waiting } from './verdict.ts'

/**
 * Judging a resource that is to go. The order is the reverse of making, and it is observed, not assumed: a resource goes when nothing that stands on
 * it is there any more. What stays is named, with what keeps it.
 */
export function judgeRemoval(
  resource: Resource,
  situation: Situation,
  standings: ReadonlyMap<string, Standing>,
): Verdict {
  const observation = situation.observed.get(resource.key)
  const upon = situation.resources
    .filter(({ dependsOn }) => dependsOn.includes(resource.key))
    .flatMap(({ key }) => standings.get(key) ?? [])
    .filter(({ phase }) => phase !== 'gone')
  const stays = upon.find(({ phase }) => phase === 'failed' || phase === 'blocked' || phase === 'kept')
  const isMissing = observation?.state === 'missing'
  if (stays) return isMissing ? gone(resource) : needed(resource, stays)
  // Even of what is missing: what a deleted service leaves behind appears only once that has gone.
  if (upon[0]) return waiting(resource, upon[0].resource)
  if (isMissing) return gone(resource)
  if (observation === undefined)
    return {
      ...say(resource, 'pending', 'Unknown', 'Unknown', 'Waiting', 'is looked at next'),
      lookAgainSeconds: 1,
    }
  if (observation.state === 'unknown') return unreadable(resource, situation, observation)
  if (isForeign(resource, situation.known))
    return say(
      resource,
      'kept',
      'False',
      'True',
      'NotOurs',
      'was neither made nor taken over by this service, and stays; apply the document first to take it over',
    )
  if (isProtected(resource, situation.protect) && !situation.includeProtected)
    return say(
      resource,
      'kept',
      'False',
      'True',
      'Protected',
      'is protected and stays; to remove it too, destroy with include=protected',
    )
  if (observation.state === 'settling') return settling(resource, situation, observation.provisioning)
  return removable(resource, situation, situation.intents.get(resource.key))
}

function removable(resource: Resource, situation: Situation, intent: Intent | undefined): Verdict {
  const what = 'is to be removed'
  if (!intent) return act(resource, 'Removing', what)
  if (intent.evidence) {
    const judged = classify({ status: 200, code: intent.evidence.reason, message: intent.evidence.message })
    if (judged.is === 'refused')
      return fail(resource, judged.reason, `Azure could not remove it: ${judged.message}; ${judged.remedy}`)
    return again(resource, situation, intent, `${what}; Azure could not: ${intent.evidence.message}`)
  }
  const taken =
    intent.outcome === undefined || intent.outcome.is === 'done' || intent.outcome.is === 'accepted'
  const graceLeft = intent.atMs / 1000 + kindOf(resource).timing.graceSeconds - situation.nowMs / 1000
  // Azure may have taken it away and still show it.
  if (taken && graceLeft > 0) return { ...settling(resource, situation, 'Deleting'), lookAgainSeconds: 5 }
  return again(resource, situation, intent, what)
}

const gone = (resource: Resource): Verdict => say(resource, 'gone', 'True', 'False', 'Removed', 'is gone')

/** What something that stays stands on stays too. */
function needed(resource: Resource, by: Standing): Verdict {
  const root = by.blockedBy ?? by.resource
  const verdict = say(resource, 'kept', 'False', 'True', 'NeededBy', `stays, because ${root} does`)
  return { standing: { ...verdict.standing, blockedBy: root } }
}

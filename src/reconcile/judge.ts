import { isDeepStrictEqual } from 'node:util'
import type { Resource } from '../resources/kind.ts'
import { kindOf } from '../resources/kinds.ts'
import { isForeign } from '../resources/made.ts'
import { adoptable, adopted } from './adoption.ts'
import type { Change } from './difference.ts'
import { classify } from './outcome.ts'
import { again, patiently, settling, unreadable } from './patience.ts'
import { riskOf } from './plan.ts'
import { mayAppear, type Situation } from './situation.ts'
import { type Intent, isFinal, type Standing } from './standing.ts'
import { act, blocked, fail, say, type Verdict, waiting } from './verdict.ts'

/** Of a resource that Azure accepted and then failed, or that does not take the change: what fails late costs Azure's time too. */
const mostLateAttempts = 3
const mostLateAttemptsOfSlowKinds = 2
/** Judges one resource, given the standings of those before it. */
export function judge(
  resource: Resource,
  situation: Situation,
  standings: ReadonlyMap<string, Standing>,
): Verdict {
  const unready = resource.dependsOn
    .map((key) => standings.get(key))
    .filter((it) => it && it.phase !== 'ready')
  const dead = unready.find((it) => it && isFinal(it.phase))
  if (dead) return blocked(resource, dead.blockedBy ?? dead.resource)
  const observation = situation.observed.get(resource.key)
  // What Azure is doing to it comes first, whoever began it: a write now would only meet a 409.
  if (observation?.state === 'settling') return settling(resource, situation, observation.provisioning)
  const pending = unready[0]
  if (pending) return waiting(resource, pending.resource)

  const intent = situation.intents.get(resource.key)
  switch (observation?.state) {
    case undefined:
      return {
        ...say(resource, 'pending', 'Unknown', 'False', 'Waiting', 'is looked at next'),
        lookAgainSeconds: 1,
      }
    case 'unknown':
      return unreadable(resource, situation, observation)
    case 'ready':
      if (isForeign(resource, situation.known)) return adopted(resource)
      return say(resource, 'ready', 'True', 'True', 'AsDescribed', 'is as described')
    case 'undecided':
      return patiently(resource, situation, 'Waiting', `waits for what ${observation.on} will say`)
    case 'missing':
      return resource.existing ? absentHome(resource, situation) : missing(resource, situation, intent)
    case 'failed':
      if (isForeign(resource, situation.known)) return adoptable(resource, situation, observation)
      return failed(resource, situation, intent, observation.provisioning)
    case 'drifted':
      if (isForeign(resource, situation.known)) return adoptable(resource, situation, observation)
      return drifted(resource, situation, intent, observation.changes)
  }
}

function missing(resource: Resource, situation: Situation, intent: Intent | undefined): Verdict {
  if (!intent) return rested(resource, situation) ?? act(resource, 'Missing', 'is to be created')
  if (intent.outcome?.is === 'done' && intent.outcome.already)
    return say(
      resource,
      'ready',
      'True',
      'True',
      'AlreadySo',
      'is so already, under a name somebody else gave it',
    )
  // Azure may have it and not show it yet; only its silence beyond the grace is absence.
  if (mayAppear(intent, resource, situation.nowMs)) {
    const { pollSeconds, graceSeconds } = kindOf(resource).timing
    const graceLeft = intent.atMs / 1000 + graceSeconds - situation.nowMs / 1000
    return {
      ...settling(resource, situation, 'Accepted'),
      lookAgainSeconds: Math.min(pollSeconds, graceLeft),
    }
  }
  if (intent.evidence) return afterFailure(resource, situation, intent, 'it never appeared')
  return again(resource, situation, intent, 'is to be created')
}

/** What it stands on was written a moment ago, and is not felt everywhere yet: a write now would fail, and late. */
function rested(resource: Resource, situation: Situation): Verdict | undefined {
  const rest = kindOf(resource).restsAfter
  if (!rest) return undefined
  const writtenMs = resource.dependsOn
    .filter((key) => key.startsWith(`${rest.kind}/`))
    .map((key) => situation.intents.get(key)?.atMs ?? 0)
  const restLeft = Math.max(0, ...writtenMs) / 1000 + rest.seconds - situation.nowMs / 1000
  if (restLeft <= 0) return undefined
  return {
    ...say(resource, 'pending', 'False', 'False', 'Resting', `waits until each new ${rest.kind} is felt`),
    lookAgainSeconds: restLeft,
  }
}

function failed(
  resource: Resource,
  situation: Situation,
  intent: Intent | undefined,
  provisioning: string,
): Verdict {
  if (resource.existing)
    return fail(
      resource,
      'HomeFailed',
      `Azure shows it as ${provisioning}; it is not ours to write: repair it where it belongs`,
      'Unknown',
    )
  if (!intent) return act(resource, 'Failed', `Azure shows it as ${provisioning}; it is to be written again`)
  if (intent.outcome?.is === 'refused' || intent.outcome?.is === 'later')
    return again(resource, situation, intent, 'is to be written again')
  return afterFailure(resource, situation, intent, `Azure shows it as ${provisioning}`)
}

/** Azure accepted it and then gave up: say why, and try again only a few times. */
function afterFailure(resource: Resource, situation: Situation, intent: Intent, what: string): Verdict {
  const why = intent.evidence ?? { reason: 'ProvisioningFailed', message: 'Azure gave no reason' }
  const judged = classify({ status: 200, code: why.reason, message: why.message })
  const slow = kindOf(resource).timing.usualMinutes > 10
  if (judged.is === 'refused') return fail(resource, why.reason, `${what}: ${why.message}; ${judged.remedy}`)
  if (intent.attempt >= (slow ? mostLateAttemptsOfSlowKinds : mostLateAttempts))
    return fail(
      resource,
      why.reason,
      `${what} after ${intent.attempt} tries: ${why.message}; correct the cause and apply the document again`,
    )
  return again(resource, situation, intent, `${what}: ${why.message}`)
}

function drifted(
  resource: Resource,
  situation: Situation,
  intent: Intent | undefined,
  changes: Change[],
): Verdict {
  const fields = changes.map(({ path }) => path).join(', ')
  if (resource.existing)
    return fail(
      resource,
      'NotAsDescribed',
      `differs in ${fields}, and is not ours to write: correct the document, or the resource where it belongs`,
      'False',
      'True',
    )
  const risk = riskOf(resource, changes)
  if (risk === 'destructive')
    return fail(
      resource,
      'NotChangeable',
      `differs in ${fields}, which Azure cannot change in place: take the change out of the document, or remove the resource first`,
      'False',
      'True',
    )
  if (risk === 'disruptive' && !isApproved(situation, resource, changes))
    return say(
      resource,
      'awaiting',
      'False',
      'True',
      'AwaitingApproval',
      `differs in ${fields}; changing it can interrupt traffic: approve the plan, or cancel the operation`,
    )
  if (!intent) return act(resource, 'Drifted', `differs in ${fields}`)
  if (
    intent.outcome?.is !== 'later' &&
    intent.outcome?.is !== 'refused' &&
    intent.attempt >= mostLateAttempts
  )
    return fail(
      resource,
      'DoesNotStick',
      `Azure accepts the change of ${fields} and does not show it: look at what else writes it`,
      'False',
      'True',
    )
  return again(resource, situation, intent, `differs in ${fields}`)
}

/** A plan is approved for the change it shows: when the world has moved since, it is another change. */
const isApproved = (situation: Situation, resource: Resource, changes: Change[]): boolean =>
  isDeepStrictEqual(situation.approved.get(resource.key)?.changes, changes)

/** One 404 may be a flicker; the home is called missing when it has been for the kind's grace. */
function absentHome(resource: Resource, situation: Situation): Verdict {
  const { graceSeconds, pollSeconds } = kindOf(resource).timing
  const before = situation.remembered.get(resource.key)
  const message =
    'is not there, and is not ours to make: create it where it belongs (the home: infra/), or correct its name in the document'
  if (before?.reason === 'HomeMissing' && situation.nowMs - before.sinceMs >= graceSeconds * 1000)
    return fail(resource, 'HomeMissing', message)
  return {
    ...say(resource, 'pending', 'False', 'False', 'HomeMissing', message),
    lookAgainSeconds: pollSeconds,
  }
}

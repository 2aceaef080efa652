import type { Resource } from '../resources/kind.ts'
import { kindOf } from '../resources/kinds.ts'
import { waitSeconds } from './outcome.ts'
import type { Situation } from './situation.ts'
import type { Intent } from './standing.ts'
import { act, fail, say, type Verdict } from './verdict.ts'

/** How long the loop waits, for what, and when it stops waiting and says so. */

/** Writes of one resource in one operation, after which it is given up: some 40 minutes of backing off. */
const mostAttempts = 12
/** A resource that cannot be read for so long is reported instead of waited for. */
const unreadableSeconds = 600
const lookAgainUnreadableSeconds = 15

/** The next try, once its time has come; or the end of trying. */
export function again(resource: Resource, situation: Situation, intent: Intent, what: string): Verdict {
  const { outcome } = intent
  if (outcome?.is === 'refused')
    return fail(resource, outcome.reason, `Azure refused it: ${outcome.message}; ${outcome.remedy}`)
  if (intent.attempt >= mostAttempts)
    return fail(
      resource,
      outcome?.is === 'later' ? outcome.reason : 'GaveUp',
      `${what}; given up after ${intent.attempt} tries${outcome?.is === 'later' ? `: ${outcome.message}` : ''}; apply the document again when the cause is gone`,
    )
  const wait = waitSeconds(intent.attempt, outcome?.is === 'later' ? outcome.afterSeconds : undefined)
  const waitLeft = intent.atMs / 1000 + wait - situation.nowMs / 1000
  const reason = outcome?.is === 'later' ? outcome.reason : 'Retrying'
  const message = outcome?.is === 'later' ? `${what}; Azure said not now: ${outcome.message}` : what
  return waitLeft > 0
    ? { ...say(resource, 'pending', 'False', 'False', reason, message), lookAgainSeconds: waitLeft }
    : act(resource, reason, message)
}

export function settling(resource: Resource, situation: Situation, provisioning: string): Verdict {
  const { patienceMinutes, pollSeconds } = kindOf(resource).timing
  const before = situation.remembered.get(resource.key)
  const workedSeconds = before?.phase === 'settling' ? (situation.nowMs - before.sinceMs) / 1000 : 0
  if (workedSeconds > patienceMinutes * 60)
    return fail(
      resource,
      'Stuck',
      `Azure has been working on it for over ${patienceMinutes} minutes (${provisioning}); ask Azure support, or remove it and apply again`,
    )
  return {
    ...say(resource, 'settling', 'Unknown', 'False', 'Settling', 'Azure is working on it'),
    // What has taken long will hardly end this very moment: looking costs one hundredth of the time waited, at most.
    lookAgainSeconds: Math.max(pollSeconds, workedSeconds / 100),
  }
}

export function unreadable(
  resource: Resource,
  situation: Situation,
  { reason, message }: { reason: string; message: string },
): Verdict {
  const before = situation.remembered.get(resource.key)
  if (before?.reason === reason && situation.nowMs - before.sinceMs > unreadableSeconds * 1000)
    return fail(
      resource,
      reason,
      `cannot be read: ${message}; see that the app may read it and that Azure answers, then apply again`,
      'Unknown',
      'Unknown',
    )
  return {
    ...say(resource, 'pending', 'Unknown', 'Unknown', reason, `cannot be read: ${message}`),
    lookAgainSeconds: lookAgainUnreadableSeconds,
  }
}

/** Nothing to do but wait for another resource's word, within this one's patience. */
export function patiently(
  resource: Resource,
  situation: Situation,
  reason: string,
  message: string,
): Verdict {
  const { patienceMinutes, pollSeconds } = kindOf(resource).timing
  const before = situation.remembered.get(resource.key)
  if (before?.reason === reason && situation.nowMs - before.sinceMs > patienceMinutes * 60_000)
    return fail(
      resource,
      'Stuck',
      `${message} for over ${patienceMinutes} minutes; look at that resource in Azure`,
    )
  return { ...say(resource, 'pending', 'Unknown', 'True', reason, message), lookAgainSeconds: pollSeconds }
}

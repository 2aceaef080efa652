import type { XmlElement } from '../gateway/xml.ts'
import { plural } from '../preflight/words.ts'
import { breakerOf } from './breaker.ts'
import { attribute, wholeNumber } from './elements.ts'
import { throttledText } from './figures.ts'
import { type Finding, notUnderstood } from './finding.ts'
import type { Forward, Policy } from './policy-view.ts'
import { conditionFaults } from './retry-condition.ts'
import { figure, simulated } from './simulated.ts'
import { failsOver, membersIn, type Rule, type View } from './view.ts'

/** How often a call is tried, when, and whether a try can meet another member. Nothing is said of a policy whose pools have one member. */
export const retries: Rule = (view) =>
  view.policies
    .filter(({ pools }) => pools.some(failsOver))
    .flatMap((policy) => policy.forwards.flatMap((forward) => faultsOf(policy, forward, view)))

function faultsOf(policy: Policy, { element, retry, choosesAgain }: Forward, view: View): Finding[] {
  const where = { policy: policy.name }
  const measured = throttledText(view, ...membersIn(policy.pools.filter(failsOver)))
  const count = retry ? wholeNumber(attribute(retry, 'count')) : 0
  if (!retry || count === 0)
    return [
      {
        id: 'no-retry',
        severity: 'costs calls',
        where,
        what: 'a call is tried once: the caller gets the 429 of one member while another could answer',
        ...figure(measured, simulated.tries),
        fix: 'put forward-request into a retry on 429 and 5xx, with the choice of the pool in it',
        source: 'azure-facts 4.4',
      },
    ]
  const found: Finding[] = [
    ...countFaults(policy, count),
    ...conditionFaults(policy, retry, measured),
    ...waits(policy, retry, count),
  ]
  if (!choosesAgain)
    found.push({
      id: 'retry-without-choice',
      severity: 'risk',
      where,
      what: 'the pool is chosen before the retry and not in it. A choice within each try surely picks a member anew; whether a forward alone does is unverified',
      fix: 'put set-backend-service into the retry, before forward-request',
      source: 'azure-facts 6.3',
    })
  const copies = attribute(element, 'buffer-request-body')
  if (copies === undefined || copies.toLowerCase() === 'false')
    found.push({
      id: 'retry-without-body',
      severity: 'costs calls',
      where,
      what: 'the request is not kept for a second try, which sends an empty body: the model answers 400',
      ...figure(measured),
      fix: 'set buffer-request-body="true" on forward-request',
      source: 'azure-facts 6.3',
    })
  return found
}

/** The widest pool says how many tries make sense. */
function countFaults({ name, pools }: Policy, count: number | undefined): Finding[] {
  const where = { policy: name }
  if (count === undefined) return [notUnderstood(name, 'how often it tries', 'write count as a number')]
  const width = Math.max(...pools.filter(failsOver).map(({ members }) => members.length))
  const tries = count + 1
  if (tries < Math.min(width, 3))
    return [
      {
        id: 'few-tries',
        severity: 'risk',
        where,
        what: `a call is tried ${plural(tries, 'time')}, and its pool has ${width} members: two that are full at once fail it`,
        fix: `set count to ${Math.min(width, 3) - 1}`,
        source: 'azure-facts 6.3',
      },
    ]
  // One more than there are members: the first may answer again by then.
  if (tries <= Math.max(...pools.map(({ members }) => members.length)) + 1) return []
  const endless = pools.flatMap(({ members }) => members).some((member) => member.body && !breakerOf(member))
  return [
    {
      id: 'many-tries',
      severity: endless ? 'risk' : 'note',
      where,
      what: `a call is tried up to ${tries} times over ${width} members: ${endless ? 'without breakers the tries too many go to members that have just refused it, and count against their limits' : 'the tries too many meet tripped breakers, and only take time'}`,
      fix: `set count to ${Math.max(width - 1, 2)}`,
      source: 'azure-facts 6.3, 11',
    },
  ]
}

/** Seconds between tries only add up: with a breaker that trips at once the next member can be asked at once. */
function waits({ name }: Policy, retry: XmlElement, count: number | undefined): Finding[] {
  const seconds = wholeNumber(attribute(retry, 'interval'))
  const isFirstFast = attribute(retry, 'first-fast-retry')?.toLowerCase() === 'true'
  const waited = Math.max(0, (count ?? 1) - (isFirstFast ? 1 : 0))
  if (!seconds || waited === 0) return []
  return [
    {
      id: 'retry-waits',
      severity: seconds >= 10 ? 'risk' : 'note',
      where: { policy: name },
      what: `${waited === 1 ? '1 try' : `${waited} tries`} wait${waited === 1 ? 's' : ''} ${seconds} s or more, though another member could answer at once`,
      figure: `reckoned: at least ${waited * seconds} s before the last answer`,
      fix: 'set interval to 0; how long to wait when no member is left is for the caller, by Retry-After',
      source: 'azure-facts 6.2',
    },
  ]
}

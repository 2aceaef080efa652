import { answers } from './answer-rules.ts'
import { backends } from './backend-rules.ts'
import { breakerSettings, missingBreakers, unreachableGroups } from './breaker-rules.ts'
import { type Finding, inOrder, notUnderstood } from './finding.ts'
import type { LiveGateway } from './live.ts'
import { members } from './member-rules.ts'
import { parked } from './parked-rules.ts'
import { policyView } from './policy-view.ts'
import { poolsOf } from './pool-view.ts'
import { retries } from './retry-rules.ts'
import { service } from './service-rules.ts'
import type { Rule } from './view.ts'
import { weights } from './weight-rules.ts'

/**
 * What costs more than weights do: settings of a live gateway by which calls fail that need not. Pure judgement over bodies as Azure shows them.
 * What cannot be understood is a note and never a fault, and of what was not read nothing is said.
 */
const rules: Rule[] = [
  missingBreakers,
  breakerSettings,
  unreachableGroups,
  retries,
  answers,
  members,
  backends,
  weights,
  parked,
  service,
]

/** The findings, what costs most first. */
export function audit(live: LiveGateway): Finding[] {
  const pools = poolsOf(live)
  const read = live.policies.map((policy) => ({ name: policy.name, view: policyView(policy, live, pools) }))
  const policies = read.flatMap(({ view }) =>
    typeof view !== 'string' && (view.pools.length > 0 || view.unclear.length > 0) ? [view] : [],
  )
  const unread = read.flatMap(({ name, view }) =>
    typeof view === 'string' ? [notUnderstood(name, `at all: ${view}`, 'correct it')] : [],
  )
  return inOrder([...unread, ...rules.flatMap((rule) => rule({ live, pools, policies }))])
}

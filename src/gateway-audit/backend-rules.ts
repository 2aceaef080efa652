import { listText } from '../preflight/words.ts'
import { named } from './elements.ts'
import { throttledText } from './figures.ts'
import type { Finding } from './finding.ts'
import { commonDeployments, hostOf, isModelHost, namedFor } from './pool-view.ts'
import { figure } from './simulated.ts'
import { membersIn, type Rule, type View } from './view.ts'

/** Where a backend leads, and how many deployments hang on its one breaker. */
export const backends: Rule = (view) => [...addresses(view), ...sharedBreakers(view)]

/** The address of a backend stands in the place of the API's path: what SDKs append to a base that ends in `openai` needs one here too. */
function addresses({ pools, policies }: View): Finding[] {
  const led = policies.filter(
    ({ apiPath, sections }) =>
      /(?:^|\/)openai\/?$/i.test(apiPath) &&
      [sections.inbound, sections.backend].every((it) => named(it, 'rewrite-uri').length === 0),
  )
  return membersIn(pools.filter((pool) => led.some((policy) => policy.pools.includes(pool))))
    .filter(({ url }) => isModelHost(hostOf(url)) && /^\/?$/.test(new URL(url).pathname))
    .map(({ backend, url }) => ({
      id: 'address-without-openai',
      severity: 'costs calls',
      where: { backend },
      what: `its address ${url} does not end in /openai, and the API’s path does: a call for /deployments/… is answered 404`,
      fix: `make it ${url.replace(/\/$/, '')}/openai`,
      source: 'azure-facts 4.2, 5.1',
    }))
}

/** A backend has one breaker, for whatever goes through it. */
function sharedBreakers(view: View): Finding[] {
  const { pools } = view
  return membersIn(pools).flatMap((member) => {
    const of = pools.filter(({ members }) => members.some(({ backend }) => backend === member.backend))
    const said = [...new Set(of.flatMap(({ deployment }) => deployment ?? []))]
    const only = of.length === 1 && of[0]?.deployment === undefined && !member.pinned && !namedFor(member)
    const shared = said.length > 1 ? said : only ? (commonDeployments(of[0]?.members ?? []) ?? []) : []
    if (shared.length < 2) return []
    return [
      {
        id: 'breaker-shared',
        severity: said.length > 1 ? ('costs calls' as const) : ('risk' as const),
        where: { backend: member.backend },
        what: `it serves ${listText(shared)} with one breaker: when one of them is full, the ${shared.length > 2 ? 'others are' : 'other is'} taken out too`,
        ...figure(throttledText(view, member)),
        fix: 'make one backend per account and deployment, and a pool for each deployment',
        source: 'azure-facts 4.3',
      },
    ]
  })
}

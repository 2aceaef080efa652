import type { XmlElement } from '../gateway/xml.ts'
import { truthOf } from './condition.ts'
import { attribute } from './elements.ts'
import { type Finding, notUnderstood } from './finding.ts'
import { type Policy, short } from './policy-view.ts'
import { figure, simulated } from './simulated.ts'

/** On what a call is tried again. */
export function conditionFaults(
  { name }: Policy,
  retry: XmlElement,
  measured: string | undefined,
): Finding[] {
  const where = { policy: name }
  const condition = attribute(retry, 'condition') ?? ''
  const onThrottling = [
    truthOf(condition, { status: 429 }),
    truthOf(condition, { status: 429, retryAfter: true }),
  ]
  if (onThrottling.includes('unknown'))
    return [
      notUnderstood(
        name,
        `whether a 429 is tried again: ${short(condition)}`,
        'compare context.Response.StatusCode with numbers',
      ),
    ]
  return [
    ...(onThrottling.every((truth) => truth === true)
      ? []
      : [
          {
            id: 'retry-without-429',
            severity: 'costs calls' as const,
            where,
            what: 'a 429 is not tried again: the caller gets it while another member could answer',
            ...figure(measured, simulated.tries),
            fix: 'add context.Response.StatusCode == 429 to the condition',
            source: 'docs/gateway.md, The failover contract',
          },
        ]),
    ...(truthOf(condition, null) === 'fails'
      ? [
          {
            id: 'retry-needs-response',
            severity: 'risk' as const,
            where,
            what: 'the condition asks for the status of a response that may not be there: when a member cannot be reached it fails, and no other is tried (unverified on a live gateway)',
            fix: 'begin the condition with context.Response == null ||',
            source: 'docs/gateway.md, The failover contract, row 15',
          },
        ]
      : []),
  ]
}

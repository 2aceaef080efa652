import type { XmlElement } from '../gateway/xml.ts'
import { breakerOf } from './breaker.ts'
import { truthOf } from './condition.ts'
import { isOpaque } from './effective-policy.ts'
import { attribute, named, valuesIn, wholeNumber } from './elements.ts'
import { exhaustedText } from './figures.ts'
import { type Finding, notUnderstood } from './finding.ts'
import { type Forward, type Policy, short } from './policy-view.ts'
import { figure, simulated } from './simulated.ts'
import type { Rule } from './view.ts'

/** What the caller gets, and when. */
export const answers: Rule = (view) =>
  view.policies.flatMap((policy) => [
    ...policy.unclear.map((what) => notUnderstood(policy.name, what, 'name it as it is')),
    ...(policy.pools.length > 0
      ? [
          ...policy.forwards.flatMap((forward) => [
            ...buffered(policy, forward),
            ...timeOut(policy, forward),
          ]),
          ...bodyRead(policy),
          ...exhaustion(policy, exhaustedText(view)),
          ...details(policy),
        ]
      : []),
  ])

function buffered({ name }: Policy, { element }: Forward): Finding[] {
  const value = attribute(element, 'buffer-response') ?? 'true'
  return value.toLowerCase() === 'true'
    ? [
        {
          id: 'answer-buffered',
          severity: 'risk',
          where: { policy: name },
          what: 'an answer is held back until it is whole: a stream arrives all at once, when its last token is there',
          fix: 'set buffer-response="false" on forward-request',
          source: 'azure-facts 6.2',
        },
      ]
    : []
}

const usualSeconds = 300
const cutSeconds = 240
const shortSeconds = 30

function timeOut({ name }: Policy, { element }: Forward): Finding[] {
  const [seconds, ms] = [attribute(element, 'timeout'), attribute(element, 'timeout-ms')]
  const limit =
    ms === undefined ? wholeNumber(seconds ?? String(usualSeconds)) : (wholeNumber(ms) ?? Number.NaN) / 1000
  const where = { policy: name }
  if (limit !== undefined && limit < shortSeconds)
    return [
      {
        id: 'time-out-short',
        severity: 'risk',
        where,
        what: `a member has ${limit} s to begin its answer: a long one that is not streamed is given up, may be paid for all the same, and is asked for again`,
        fix: 'allow 240 s',
        source: 'docs/gateway.md, Numbers',
      },
    ]
  if (limit !== undefined && limit > cutSeconds)
    return [
      {
        id: 'time-out-long',
        severity: 'note',
        where,
        what: `a member has ${limit} s to begin its answer${seconds === undefined && ms === undefined ? ', since nothing is said' : ''}; Azure may cut a connection that is silent for longer than ${cutSeconds} s, and then no policy answers`,
        fix: `set timeout="${cutSeconds}" on forward-request`,
        source: 'azure-facts 6.2',
      },
    ]
  return []
}

/** Whoever reads a body waits for its end. */
function bodyRead({ name, sections }: Policy): Finding[] {
  const reading = [sections.backend, sections.outbound]
    .flatMap((section) => valuesIn(section, isForErrorsOnly))
    .find((value) => /\bcontext\.Response\??\.Body\b/.test(value))
  return reading === undefined
    ? []
    : [
        {
          id: 'answer-read',
          severity: 'risk',
          where: { policy: name },
          what: 'an expression reads the body of the answer: a stream is held back to its end for it, and a body that is not the JSON it expects, as a stream’s is not, can fail the call',
          fix: 'count tokens with llm-emit-token-metric, and log statuses and headers only',
          source: 'docs/gateway.md, Two forms',
        },
      ]
}

/** An error is small and whole: to read it costs nothing. */
const isForErrorsOnly = (element: XmlElement): boolean =>
  element.name === 'when' && truthOf(attribute(element, 'condition') ?? '', { status: 200 }) === false

/** SDKs wait as long as they are told; a pool with no member left tells nothing. */
function exhaustion({ name, pools, sections }: Policy, measured: string | undefined): Finding[] {
  const after = [sections.backend, sections.outbound, sections['on-error']]
  const tells = after
    .flatMap((section) => named(section, 'set-header'))
    .some(
      (it) =>
        attribute(it, 'name')?.toLowerCase() === 'retry-after' && attribute(it, 'exists-action') !== 'delete',
    )
  if (tells) return []
  if (after.some(isOpaque))
    return [
      notUnderstood(
        name,
        'whether an answer without a member left carries Retry-After: parts of it stand elsewhere',
        'look there',
      ),
    ]
  const canBeExhausted = pools.some(({ members }) => members.every((member) => breakerOf(member)))
  return [
    {
      id: 'exhausted-without-retry-after',
      severity: canBeExhausted ? 'costs calls' : 'note',
      where: { policy: name },
      what: canBeExhausted
        ? 'when all members are tripped the caller gets a 503 that does not say how long to wait, and comes back too soon'
        : 'once its members have breakers, a pool with all of them tripped answers 503 and does not say how long to wait',
      ...figure(measured, simulated.retryAfter),
      fix: 'set Retry-After on such an answer, in outbound and in on-error: the smallest its tries were told, else 10 s',
      source: 'azure-facts 4.4',
    },
  ]
}

/** Names of backends are nobody's business outside. */
function details({ name, sections }: Policy): Finding[] {
  const told = named(sections['on-error'], 'set-header', 'set-body', 'set-status')
    .flatMap((it) => valuesIn(it))
    .find((value) => /\bcontext\.LastError\.(?:Message|Path|PolicyId)\b/.test(value))
  return told === undefined
    ? []
    : [
        {
          id: 'error-told',
          severity: 'note',
          where: { policy: name },
          what: `callers get the gateway’s own error text (${short(told.replaceAll(/\s+/g, ' ').trim())}), which can name what stands behind it`,
          fix: 'answer with a text of your own',
          source: 'azure-facts 6.2',
        },
      ]
}

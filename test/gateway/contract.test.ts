import { describe, expect, test } from 'vitest'
import { apiBody } from '../../src/gateway/api.ts'
import { breakerRule } from '../../src/gateway/backends.ts'
import { apiPolicy } from '../../src/gateway/policies.ts'
import { readXml, type XmlElement } from '../../src/gateway/xml.ts'
import { type Answer, all, attribute, childNames, holds, one, text } from './document.ts'
import { agents, documents, full, probe, simple } from './specs.ts'

/** The failover contract (docs/gateway.md), as far as the documents themselves show it. The lab runs the rest. */

interface Row {
  row: number
  when: string
  answer: Answer | null
  trips: boolean
  retried: boolean
  /** What the caller gets when no member is left; `passed`: the backend's own answer, untouched. */
  exhausted: number | 'passed'
}

const later = { 'retry-after': '7' }
const rows: Row[] = [
  { row: 1, when: '200', answer: { status: 200 }, trips: false, retried: false, exhausted: 'passed' },
  { row: 2, when: '400', answer: { status: 400 }, trips: false, retried: false, exhausted: 'passed' },
  { row: 4, when: '403', answer: { status: 403 }, trips: false, retried: false, exhausted: 'passed' },
  { row: 5, when: '404', answer: { status: 404 }, trips: false, retried: false, exhausted: 'passed' },
  { row: 6, when: '408', answer: { status: 408 }, trips: true, retried: true, exhausted: 408 },
  { row: 7, when: '409', answer: { status: 409 }, trips: false, retried: false, exhausted: 'passed' },
  {
    row: 8,
    when: '409, later',
    answer: { status: 409, headers: later },
    trips: false,
    retried: true,
    exhausted: 'passed',
  },
  {
    row: 9,
    when: '429, later',
    answer: { status: 429, headers: later },
    trips: true,
    retried: true,
    exhausted: 429,
  },
  { row: 9, when: '429', answer: { status: 429 }, trips: true, retried: true, exhausted: 429 },
  { row: 10, when: '499', answer: { status: 499 }, trips: true, retried: true, exhausted: 499 },
  { row: 11, when: '500', answer: { status: 500 }, trips: true, retried: true, exhausted: 503 },
  { row: 12, when: '502', answer: { status: 502 }, trips: true, retried: true, exhausted: 503 },
  { row: 13, when: '503', answer: { status: 503 }, trips: true, retried: true, exhausted: 503 },
  { row: 14, when: '504', answer: { status: 504 }, trips: true, retried: true, exhausted: 503 },
  { row: 14, when: 'time-out', answer: null, trips: false, retried: true, exhausted: 503 },
  { row: 15, when: 'no connection', answer: null, trips: false, retried: true, exhausted: 503 },
  { row: 16, when: 'TLS failure', answer: null, trips: false, retried: true, exhausted: 503 },
]

const { failureCondition, tripDuration, acceptRetryAfter } = breakerRule as {
  failureCondition: {
    count: number
    statusCodeRanges: { min: number; max: number }[]
    errorReasons?: unknown
  }
  tripDuration: string
  acceptRetryAfter: boolean
}
const trips = (answer: Answer | null) =>
  answer !== null &&
  failureCondition.statusCodeRanges.some(({ min, max }) => min <= answer.status && answer.status <= max)

const section = (policies: XmlElement, name: string) => one(policies, name)
const whenAround = (root: XmlElement, inner: string) => {
  const found = [...all(root, 'when')].find((it) =>
    it.children.some((child) => typeof child !== 'string' && child.name === inner),
  )
  if (!found) throw new Error(`no <when> with <${inner}>`)
  return attribute(found, 'condition')
}
/** What the outbound section makes of the last answer of a request whose tries all ended so. */
function toldTo(policies: XmlElement, answer: Answer | null): number | 'passed' {
  if (!holds(whenAround(section(policies, 'outbound'), 'return-response'), answer)) return 'passed'
  const remembers = [...all(section(policies, 'backend'), 'when')].find((it) =>
    [...all(it, 'set-variable')].some((set) => attribute(set, 'name') === 'exhaustedStatus'),
  )
  return answer && remembers && holds(attribute(remembers, 'condition'), answer) ? answer.status : 503
}

describe.each(Object.entries(documents))('in the document %s', (_name, spec) => {
  const policies = readXml(apiPolicy(spec))
  const retry = one(section(policies, 'backend'), 'retry')

  test.each(rows)('row $row: $when', ({ answer, retried, exhausted }) => {
    expect(holds(attribute(retry, 'condition'), answer)).toBe(retried)
    expect(toldTo(policies, answer)).toBe(exhausted)
  })

  test('retried is 408, 409 with Retry-After, 429, 499, 5xx, no response, and nothing else', () => {
    const retried = Array.from({ length: 500 }, (_, index) => index + 100).filter((status) =>
      holds(attribute(retry, 'condition'), { status }),
    )
    expect(retried).toEqual([408, 429, 499, ...Array.from({ length: 100 }, (_, index) => 500 + index)])
  })

  test('three tries in all, at once, with the body kept for the next', () => {
    expect([
      attribute(retry, 'count'),
      attribute(retry, 'interval'),
      attribute(retry, 'first-fast-retry'),
    ]).toEqual(['2', '0', 'true'])
    expect(attribute(one(retry, 'forward-request'), 'buffer-request-body')).toBe('true')
    expect(attribute(one(retry, 'forward-request'), 'timeout')).toBe('240')
  })

  test('the pool is chosen anew for each try, before it is forwarded', () => {
    const order = childNames(retry).filter((name) =>
      ['set-backend-service', 'choose', 'forward-request'].includes(name),
    )
    const choices = [...all(retry, 'set-backend-service')]
    expect(choices.length).toBeGreaterThan(0)
    expect(order.indexOf('forward-request')).toBeGreaterThan(0)
    expect([...all(policies, 'set-backend-service')]).toEqual(choices)
  })

  test('the backend section is one element, and nothing else forwards', () => {
    expect(section(policies, 'backend').children).toHaveLength(1)
    expect([...all(section(policies, 'backend'), 'base')]).toEqual([])
    expect([...all(policies, 'forward-request')]).toHaveLength(1)
    expect(childNames(policies)).toEqual(['inbound', 'backend', 'outbound', 'on-error'])
  })

  test('row 17: a stream is passed on as it comes, and decided upon by its head', () => {
    expect(attribute(one(retry, 'forward-request'), 'buffer-response')).toBe('false')
    for (const log of all(policies, 'log-to-eventhub')) expect(text(log)).not.toContain('Body')
  })

  test('rows 9 and 13: exhausted answers carry Retry-After and the retry count', () => {
    for (const place of ['outbound', 'on-error']) {
      const answer = one(section(policies, place), 'return-response')
      const names = [...all(answer, 'set-header')].map((header) => attribute(header, 'name'))
      expect(names).toEqual(expect.arrayContaining(['Retry-After', 'x-backend-retry', 'Content-Type']))
    }
  })

  test('rows 11 and 16: an exhausted answer says nothing of backends, regions or certificates', () => {
    for (const answer of all(policies, 'return-response')) {
      const said = [...all(answer)]
        .flatMap((it) => [text(it), ...it.attributes.map(([, value]) => value)])
        .join(' ')
      expect(said).not.toMatch(/LastError|Url|x-ms-region|Response\.(Body|Headers|StatusReason)|gpt-4o/)
    }
  })

  test('only failures of the backend section become our 503: a refused key stays a 401', () => {
    const condition = whenAround(section(policies, 'on-error'), 'return-response')
    expect(condition).toContain('context.LastError.Section == "backend"')
    expect(condition).toContain('ClientConnectionFailure')
  })

  test('the key of the caller ends at the gateway', () => {
    const inbound = section(policies, 'inbound')
    expect(attribute(one(inbound, 'authentication-managed-identity'), 'resource')).toBe(
      'https://cognitiveservices.azure.com',
    )
    for (const element of ['set-header', 'set-query-parameter'])
      expect(
        [...all(inbound, element)].some(
          (it) => attribute(it, 'name') === 'api-key' && attribute(it, 'exists-action') === 'delete',
        ),
      ).toBe(true)
  })
})

describe('the breaker', () => {
  test.each(rows)('row $row: $when', ({ answer, trips: expected }) => {
    expect(trips(answer)).toBe(expected)
  })
  test('trips on the first failure, for as long as the backend asks, and never for want of a response', () => {
    expect([failureCondition.count, tripDuration, acceptRetryAfter]).toEqual([1, 'PT10S', true])
    expect(failureCondition.errorReasons).toBeUndefined()
  })
})

describe('row 3: who is let in', () => {
  test('the API demands a subscription key', () => {
    expect(apiBody({ displayName: 'x', path: 'openai', subscriptionRequired: true })).toMatchObject({
      properties: {
        subscriptionRequired: true,
        subscriptionKeyParameterNames: { header: 'api-key', query: 'api-key' },
      },
    })
  })
  test('the API of the probe demands its token before anything else happens, and signs afterwards', () => {
    const inbound = section(readXml(apiPolicy({ ...full, admits: probe })), 'inbound')
    const names = childNames(inbound)
    expect(names.slice(0, 2)).toEqual(['base', 'validate-azure-ad-token'])
    expect(names.indexOf('authentication-managed-identity')).toBeGreaterThan(1)
    const validate = one(inbound, 'validate-azure-ad-token')
    expect(attribute(validate, 'tenant-id')).toBe(probe.tenantId)
    expect(text(one(validate, 'application-id'))).toBe(probe.clientId)
    expect(text(one(validate, 'audience'))).toBe(probe.audience)
  })
  test('the API of the agents admits the identities of these projects, whichever way Entra spells them, and nobody else', () => {
    const validate = one(readXml(apiPolicy({ ...full, admits: agents })), 'validate-azure-ad-token')
    const claim = one(validate, 'claim')
    expect(attribute(claim, 'name')).toBe('xms_mirid')
    expect(attribute(claim, 'match')).toBe('any')
    const [id = ''] = agents.projects
    expect([...all(claim, 'value')].map(text)).toEqual([id, id.replace('resourceGroups', 'resourcegroups')])
    expect([...all(validate, 'application-id')]).toEqual([])
  })
})

describe('the full form', () => {
  test('tells of each attempt within the retry, in an order that a partition keeps, without generics', () => {
    const policies = readXml(apiPolicy(full))
    const logs = [...all(one(policies, 'retry'), 'log-to-eventhub')]
    expect(logs).toHaveLength(2)
    for (const log of all(policies, 'log-to-eventhub')) {
      expect(attribute(log, 'partition-key')).toBe('@(context.RequestId.ToString())')
      expect(text(log)).not.toMatch(/[<>]/)
    }
  })
  test('has five dimensions at most', () => {
    expect([...all(readXml(apiPolicy(full)), 'dimension')].length).toBeLessThanOrEqual(5)
  })
  test('the probe has no subscription, so none is asked for', () => {
    expect(apiPolicy({ ...full, admits: probe })).not.toContain('context.Subscription')
    expect(apiPolicy(full)).toContain('counter-key="@(context.Subscription.Id)"')
  })
  test('with nothing switched on it is the simple form with a request id', () => {
    const bare = apiPolicy({ ...simple, form: 'full', requestIdHeader: 'x-id' })
    expect(bare).not.toMatch(/rate-limit|llm-|log-to-eventhub/)
    expect(
      [...all(readXml(bare), 'set-header')].filter((it) => attribute(it, 'name') === 'x-id'),
    ).toHaveLength(4)
  })
})

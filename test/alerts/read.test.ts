import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readEvent } from '../../src/alerts/read.ts'
import { healthAlert, throttlingAlert } from './common-alert.ts'

const fired = throttlingAlert(1)
const account = fired.data.essentials.alertTargetIDs[0] ?? ''

test('an alert of our own rules says which backend of which pool turned how many calls away', () => {
  expect(readEvent(fired)).toEqual([
    {
      id: fired.data.essentials.alertId,
      kind: 'throttling',
      condition: 'fired',
      rule: 'ops-429-gpt-4o-contoso-eus-gpt-4o',
      severity: 'Sev2',
      firedMs: Date.parse('2026-11-25T10:00:00.123Z'),
      targets: [account],
      environment: 'contoso',
      pool: 'gpt-4o',
      backend: 'contoso-eus-gpt-4o',
      deployment: 'gpt-4o',
      value: 17,
      description: 'gpt-4o at contoso-eus turns calls away (pool gpt-4o)',
    },
  ])
})

interface Case {
  name: string
  why: string
  body: unknown
  want: object[]
}

const cases: Case[] = [
  {
    name: 'a resolved one shares the id and has its own time',
    why: 'an incident is its two notices',
    body: throttlingAlert(1, 'Resolved'),
    want: [
      {
        id: fired.data.essentials.alertId,
        condition: 'resolved',
        firedMs: Date.parse('2026-11-25T10:00:00.123Z'),
        resolvedMs: Date.parse('2026-11-25T10:09:00.123Z'),
      },
    ],
  },
  {
    name: 'a resolved one without a value is as good',
    why: 'Azure may leave it out',
    body: throttlingAlert(1, 'Resolved', {
      context: { condition: { allOf: [{ metricName: 'AzureOpenAIRequests', metricValue: null }] } },
    }),
    want: [{ kind: 'throttling', pool: 'gpt-4o' }],
  },
  {
    name: 'several in one event are several',
    why: 'whether the receiver wraps in an array is nowhere said',
    body: [throttlingAlert(1), throttlingAlert(2)],
    want: [{ kind: 'throttling' }, { kind: 'throttling' }],
  },
  {
    name: 'a bad one among good ones takes none with it',
    why: 'one rule of somebody else must not blind the service',
    body: [throttlingAlert(1), { schemaId: 'AzureMonitorMetricAlert' }, throttlingAlert(2)],
    want: [{ kind: 'throttling' }, { kind: 'garbage' }, { kind: 'throttling' }],
  },
  {
    name: 'without an alert id the origin and the time of firing tell alerts apart',
    why: 'the origin is one per series and comes again each time it fires',
    body: throttlingAlert(1, 'Fired', { essentials: { alertId: undefined } }),
    want: [{ id: `origin_of_the_series@${Date.parse('2026-11-25T10:00:00.123Z')}` }],
  },
  {
    name: 'another metric of a rule with our properties is not throttling',
    why: 'somebody may copy a rule and change its metric',
    body: throttlingAlert(1, 'Fired', { context: { condition: { allOf: [{ metricName: 'Latency' }] } } }),
    want: [{ kind: 'other' }],
  },
  {
    name: 'a rule without our properties is somebody else’s',
    why: 'the action group may serve more than us',
    body: throttlingAlert(1, 'Fired', { context: { properties: null } }),
    want: [{ kind: 'other', rule: 'ops-429-gpt-4o-contoso-eus-gpt-4o' }],
  },
  {
    name: 'an environment that cannot be one names none',
    why: 'the text comes from outside',
    body: throttlingAlert(1, 'Fired', {
      context: { properties: { environment: "x' or 1 eq 1", pool: 'p', backend: 'b' } },
    }),
    want: [{ kind: 'other' }],
  },
  {
    name: 'resource health says how it is now',
    why: 'it is of no environment, but of a resource',
    body: healthAlert(3, 'Degraded'),
    want: [{ kind: 'health', health: 'Degraded', targets: [account] }],
  },
  {
    name: 'a kind of alert nobody reads is kept as other',
    why: 'nothing is lost silently',
    body: throttlingAlert(4, 'Fired', { essentials: { monitoringService: 'Log Alerts V2' } }),
    want: [{ kind: 'other' }],
  },
]
for (const { name, why, body, want } of cases)
  test(name, () => {
    const read = readEvent(body)
    expect(read, why).toMatchObject(want)
    expect(read, why).toHaveLength(want.length)
  })

describe('garbage', () => {
  test.each([
    ['a text that is not JSON', 'hello', 'not JSON'],
    ['an empty event', '', 'empty'],
    ['an empty list', [], 'empty'],
    ['null', null, 'not an alert: it'],
    ['a number', 7, 'not an alert: it'],
    ['another schema', { schemaId: 'other', data: {} }, 'not an alert: schemaId'],
    [
      'no id at all',
      throttlingAlert(1, 'Fired', { essentials: { alertId: '', originAlertId: null } }),
      'not an alert: data.essentials',
    ],
    [
      'no time',
      throttlingAlert(1, 'Fired', { fired: 'yesterday' }),
      'not an alert: data.essentials.firedDateTime',
    ],
    [
      'a condition of its own',
      throttlingAlert(1, 'Fired', { essentials: { monitorCondition: 'Maybe' } }),
      'not an alert: data.essentials.monitorCondition',
    ],
    [
      'an alert of more than 256 KB',
      throttlingAlert(1, 'Fired', { essentials: { description: 'x'.repeat(256 * 1024) } }),
      'too large',
    ],
    ['a text of 300 KB', 'x'.repeat(300_000), 'too large'],
  ])('%s is garbage, with the reason', (_name, body, reason) => {
    const [one, ...rest] = readEvent(body)
    expect(one).toMatchObject({ kind: 'garbage', reason: expect.stringContaining(reason) })
    expect(rest).toEqual([])
  })

  test('its text is short, and without what looks like a secret', () => {
    const secret = 'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWo='
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl'
    for (const body of [
      `Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=r;SharedAccessKey=${secret};EntityPath=h`,
      `https://x.blob.core.windows.net/c?sv=2024&sig=${secret}&se=1`,
      { authorization: `Bearer ${token}`, apiKey: secret, 'client-secret': `with spaces ${secret}` },
      `Authorization: Bearer ${token}`,
      { note: `look: ${secret}`, other: token },
      `${'x '.repeat(480)}password="${secret}`,
      `${'x '.repeat(1_985)}key=${secret}`,
    ]) {
      const [one] = readEvent(body)
      if (one?.kind !== 'garbage') throw new Error('taken for an alert')
      for (const part of [secret.slice(0, 12), secret.slice(-12), token.slice(3, 15), 'with spaces'])
        expect(one.text).not.toContain(part)
      expect(one.text.length).toBeLessThanOrEqual(1_000)
    }
    expect(readEvent('the service at contoso-eus is down')).toMatchObject([
      { text: 'the service at contoso-eus is down' },
    ])
  })

  test('whatever an event is, reading it throws nothing, loses nothing and gives rows that fit into a table', () => {
    const mutated = fc
      .tuple(fc.constantFrom(throttlingAlert(1), healthAlert(2)), fc.jsonValue(), fc.nat())
      .map(([alert, value, where]) => {
        const text = JSON.stringify(alert)
        const fields = [...text.matchAll(/"[^"]+":/g)]
        const field = fields[where % fields.length]
        const at = (field?.index ?? 0) + (field?.[0].length ?? 0)
        try {
          return JSON.parse(`${text.slice(0, at)}${JSON.stringify(value)},"was":${text.slice(at)}`)
        } catch {
          return text
        }
      })
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.string(), mutated, fc.array(mutated, { minLength: 1 })),
        (body) => {
          const read = readEvent(body)
          expect(read.length).toBeGreaterThan(0)
          if (Array.isArray(body) && body.length > 0) expect(read.length).toBe(body.length)
          for (const one of read) expect(JSON.stringify(one).length).toBeLessThan(30_000)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

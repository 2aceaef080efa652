import { describe, expect, test } from 'vitest'
import { Broken, type DataCall } from '../../../lab/azure/data/call.ts'
import type { Switches } from '../../../lab/azure/gateway/gateway-world.ts'
import { apiPolicy } from '../../../src/gateway/policies.ts'
import { full, simple } from '../../gateway/specs.ts'
import { type Form, KEYLESS, openContract, told } from './failover-contract.ts'
import { answer, type Backend, EAST, openRuntime, WEST } from './gateway-lab.ts'

/** The failover contract (docs/gateway.md), lived through: what the builder emits, run by a gateway that shares no code with it. */

interface Row {
  row: number
  when: string
  why: string
  /** What a faulted member does. */
  does: Backend
  call?: Partial<DataCall>
  trips: boolean
  retried: boolean
  /** What the caller gets when a healthy member is left, and when every one is faulted. */
  healthy: number
  exhausted: number
  /** The exhausted answer is ours: Retry-After, a generic body. Otherwise it is the backend's, as it came. */
  ours: boolean
}

const says =
  (status: number, headers: Record<string, string> = {}): Backend =>
  () =>
    answer(
      status,
      { 'x-ms-region': 'East US', ...headers },
      `{"error":"${status} from the model at ${EAST}"}`,
    )
const unreached =
  (how: 'ENOTFOUND' | 'ECONNREFUSED' | 'ETIMEDOUT' | 'ECONNRESET' | 'CERT'): Backend =>
  () => ({ unreached: how, because: `${EAST} would not` })

const passed = (row: number, status: number, why: string): Row => ({
  row,
  when: `${status} from the model`,
  why,
  does: says(status),
  trips: false,
  retried: false,
  healthy: status,
  exhausted: status,
  ours: false,
})
const refused = (row: number, status: number, why: string, headers: Record<string, string> = {}): Row => ({
  row,
  when: `${status}${headers['retry-after'] ? ' with' : ' without'} Retry-After`,
  why,
  does: says(status, headers),
  trips: true,
  retried: true,
  healthy: 200,
  exhausted: status >= 500 ? 503 : status,
  ours: true,
})
const silent = (row: number, when: string, why: string, does: Backend): Row => ({
  row,
  when,
  why,
  does,
  trips: false,
  retried: true,
  healthy: 200,
  exhausted: 503,
  ours: true,
})

const SOON = { 'retry-after': '7' }
const rows: Row[] = [
  passed(1, 200, 'an answer is an answer'),
  passed(2, 400, 'a bad request is as bad everywhere, and its author wants to read why'),
  {
    ...passed(3, 401, 'nobody may use the models through us without a key'),
    when: '401 from the gateway: no key',
    does: says(200),
    call: KEYLESS,
  },
  passed(4, 403, 'a missing role is repaired, not routed around; the role probe wants to see it'),
  passed(5, 404, 'a deployment that is not there is a mismatch to be reported'),
  {
    ...passed(5, 404, 'a path nobody has defined reaches no model'),
    when: '404: no such operation',
    does: says(200),
    call: { path: '/openai/v1/no/such/thing' },
  },
  refused(6, 408, 'the model gave up waiting; another may not'),
  passed(7, 409, 'a conflict that does not say "later" is about this resource'),
  {
    ...refused(8, 409, 'a conflict that passes may be gone already, and says nothing of the member', SOON),
    trips: false,
    ours: false,
  },
  refused(9, 429, 'a throttled member is out for as long as it asks', SOON),
  refused(9, 429, 'without Retry-After it is out for the rule’s own time'),
  refused(10, 499, 'a full provisioned deployment in disguise'),
  refused(11, 500, 'a broken member is tried around, and its words stay inside'),
  refused(12, 502, 'likewise'),
  refused(13, 503, 'likewise', SOON),
  refused(14, 504, 'likewise'),
  silent(14, 'the forward time-out passes', 'a slow answer says nothing of the next call', () =>
    answer(200, {}, '{}', 240_001),
  ),
  silent(15, 'the name is not found', 'a DNS flicker takes no member out', unreached('ENOTFOUND')),
  silent(
    15,
    'the connection is refused',
    'conditions must survive Response == null',
    unreached('ECONNREFUSED'),
  ),
  silent(15, 'nobody takes the connection', 'likewise', unreached('ETIMEDOUT')),
  silent(15, 'the connection is reset', 'likewise', unreached('ECONNRESET')),
  silent(16, 'the certificate fails', 'no detail of it may leak', unreached('CERT')),
]

const ok: Backend = () => answer(200, { 'x-ms-region': 'West US' }, '{"ok":true}')
const FORMS: [string, Form][] = [
  ['simple', simple],
  ['full', full],
]
/** The builder claims that both readings of what is not known of API Management end the same. */
const READINGS: Partial<Switches>[] = (['raises', 'continues'] as const).flatMap((failedForward) =>
  (['answers', 'raises'] as const).map((exhaustedPool) => ({ failedForward, exhaustedPool })),
)

for (const [name, form] of FORMS)
  for (const reading of READINGS)
    describe(`${name} form; a failed forward ${reading.failedForward}, an exhausted pool ${reading.exhaustedPool}`, () => {
      test.each(rows)('row $row: $when, a healthy member left', async (row) => {
        const lab = await openContract(form, reading)
        lab.backend(EAST, row.does)
        lab.backend(WEST, ok)
        const { status, headers, text } = await lab.asks(row.call)
        const unasked = row.row === 3 || row.call !== undefined
        expect(status, row.why).toBe(row.healthy)
        expect(lab.hostsAsked(), row.why).toEqual(unasked ? [] : row.retried ? [EAST, WEST] : [EAST])
        if (!unasked) expect(headers['x-backend-retry'], row.why).toBe(row.retried ? '1' : '0')
        if (row.retried) expect(headers['x-backend-region']).toBe('West US')
        if (form.form === 'full')
          expect(told(lab), row.why).toEqual(lab.answered[0]?.attempts.map(({ status: it }) => it ?? 0))

        lab.backend(EAST, ok)
        for (let again = 0; again < 4; again++) await lab.asks()
        expect(lab.hostsAsked().slice(-4).includes(EAST), row.why).toBe(!row.trips)
        if (row.retried) expect(text, row.why).toBe('{"ok":true}')
      })

      test.each(rows)('row $row: $when, every member faulted', async (row) => {
        const lab = await openContract(form, reading)
        for (const host of [EAST, WEST]) lab.backend(host, row.does)
        const { status, headers, text } = await lab.asks(row.call)
        expect(status, row.why).toBe(row.exhausted)
        const asked = lab.hostsAsked()
        if (row.trips) expect(asked, row.why).toEqual([EAST, WEST])
        else if (row.retried) expect(asked, row.why).toEqual([EAST, WEST, EAST])
        else expect(asked.length, row.why).toBe(row.call === undefined ? 1 : 0)
        if (row.retried) expect(headers['x-backend-retry']).toBe('2')
        if (row.ours) {
          const asks = row.when.includes('with Retry-After') ? '7' : '10'
          expect(headers, row.why).toMatchObject({ 'retry-after': asks, 'content-type': 'application/json' })
          expect(JSON.parse(text)).toMatchObject({ error: { code: 'no_capacity' } })
          expect(`${text} ${JSON.stringify(headers)}`, row.why).not.toMatch(/azure\.com|East US|would not/)
        } else if (row.call === undefined)
          expect(text, row.why).toBe(`{"error":"${row.exhausted} from the model at ${EAST}"}`)
      })

      test('row 17: a caller who leaves mid-stream is not retried for, trips nothing, and what was read is counted', async () => {
        const lab = await openContract(form, reading)
        let wasStopped = false
        lab.backend(EAST, () =>
          answer(
            200,
            { 'content-type': 'text/event-stream' },
            stream(() => (wasStopped = true)),
          ),
        )
        lab.backend(WEST, ok)
        const { body } = await lab.call()
        if (typeof body === 'string') throw new Error('not a stream')
        const chunks = body[Symbol.asyncIterator]()
        expect((await chunks.next()).value).toBe('data: {"n":1}\n\n')
        await chunks.next()
        await chunks.return?.()
        expect(wasStopped).toBe(true)
        expect(lab.hostsAsked()).toEqual([EAST])
        expect(lab.answered.map(({ tokens }) => tokens?.completion)).toEqual([2])
        lab.backend(EAST, ok)
        for (let again = 0; again < 3; again++) await lab.asks()
        expect(lab.hostsAsked().slice(1)).toContain(EAST)
      })
    })

async function* stream(stopped: () => void, breaksAfter = 5): AsyncGenerator<string> {
  try {
    for (let n = 1; ; n++) {
      if (n > breaksAfter) throw new Broken('reset')
      yield `data: {"n":${n}}\n\n`
    }
  } finally {
    stopped()
  }
}

describe.each(FORMS)('further cases, %s form', (_name, form) => {
  test('all members open: 503 with Retry-After, no backend called, and open again on time', async () => {
    const lab = await openContract(form)
    for (const host of [EAST, WEST]) lab.backend(host, says(500))
    await lab.asks()
    lab.asked.length = 0
    const { status, headers } = await lab.asks()
    expect([status, headers['retry-after'], lab.asked]).toEqual([503, '10', []])
    for (const host of [EAST, WEST]) lab.backend(host, ok)
    lab.advance(9.9)
    expect((await lab.asks()).status).toBe(503)
    lab.advance(0.1)
    expect((await lab.asks()).status).toBe(200)
  })

  test('a 429 is not hidden by the 503 of the pool it emptied', async () => {
    const lab = await openContract(form)
    lab.backend(EAST, says(500))
    lab.backend(WEST, says(429, { 'retry-after': '30' }))
    expect(await lab.asks()).toMatchObject({ status: 429, headers: { 'retry-after': '30' } })
  })

  test('the earliest Retry-After of the tries is told', async () => {
    const lab = await openContract(form)
    lab.backend(EAST, says(429, { 'retry-after': '40' }))
    lab.backend(WEST, says(429, { 'retry-after': '25' }))
    expect((await lab.asks()).headers['retry-after']).toBe('25')
  })

  test('a Retry-After of a day parks the member for a day', async () => {
    const lab = await openContract(form)
    lab.backend(EAST, says(429, { 'retry-after': '86400' }))
    lab.backend(WEST, ok)
    await lab.asks()
    lab.backend(EAST, ok)
    lab.asked.length = 0
    lab.advance(86_399)
    for (let again = 0; again < 3; again++) await lab.asks()
    expect(new Set(lab.hostsAsked())).toEqual(new Set([WEST]))
    lab.advance(1)
    for (let again = 0; again < 2; again++) await lab.asks()
    expect(lab.hostsAsked()).toContain(EAST)
  })

  test('a new backend in its place is what brings a parked member back', async () => {
    const lab = await openContract(form)
    lab.backend(EAST, says(429, { 'retry-after': '86400' }))
    lab.backend(WEST, ok)
    await lab.asks()
    lab.backend(EAST, ok)
    lab.replaceEast()
    lab.asked.length = 0
    for (let again = 0; again < 2; again++) await lab.asks()
    expect(lab.hostsAsked()).toContain(EAST)
  })

  test('a body that is reset in the middle is passed on as broken: no retry, no trip', async () => {
    const lab = await openContract(form)
    lab.backend(EAST, () =>
      answer(
        200,
        {},
        stream(() => {}, 2),
      ),
    )
    lab.backend(WEST, ok)
    await expect(lab.asks()).rejects.toThrow(Broken)
    expect(lab.hostsAsked()).toEqual([EAST])
    lab.backend(EAST, ok)
    for (let again = 0; again < 3; again++) await lab.asks()
    expect(lab.hostsAsked().slice(1)).toContain(EAST)
  })

  test('every unit has a breaker of its own: one knows, the other learns for itself', async () => {
    const lab = await openContract(form, { units: 2 })
    lab.backend(EAST, says(429, { 'retry-after': '3600' }))
    lab.backend(WEST, ok)
    for (let again = 0; again < 60; again++) await lab.asks()
    expect(lab.hostsAsked().filter((host) => host === EAST)).toHaveLength(2)
  })

  test('the body of a retried POST is whole', async () => {
    const lab = await openContract(form)
    lab.backend(EAST, says(500))
    lab.backend(WEST, ok)
    await lab.asks({ body: '{"model":"gpt-4o"}' })
    expect(lab.asked.map(({ body }) => body)).toEqual(['{"model":"gpt-4o"}', '{"model":"gpt-4o"}'])
  })
})

test('without acceptRetryAfter only the rule’s own duration counts', async () => {
  const lab = await openContract(simple, {}, { acceptRetryAfter: false })
  lab.backend(EAST, says(429, { 'retry-after': '3600' }))
  lab.backend(WEST, ok)
  await lab.asks()
  lab.backend(EAST, ok)
  lab.asked.length = 0
  lab.advance(10)
  for (let again = 0; again < 2; again++) await lab.asks()
  expect(lab.hostsAsked()).toContain(EAST)
})

test('nothing that the builder emits is unplayed', async () => {
  const lab = await openRuntime()
  for (const [index, [, form]] of FORMS.entries()) {
    lab.put(`apis/a${index}`, { displayName: 'a', path: `a${index}`, protocols: ['https'] })
    lab.put(`apis/a${index}/policies/policy`, { value: apiPolicy(form), format: 'xml' })
  }
  expect(lab.gateway.unplayed(lab.serviceId)).toEqual([])
})

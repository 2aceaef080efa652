import { describe, expect, test } from 'vitest'
import {
  answer,
  breaker,
  EAST,
  openRuntime,
  policy,
  pool,
  putApi,
  type Runtime,
  single,
  WEST,
} from './gateway-lab.ts'

/** Pools, breakers, and units that know what they know. */

const HOSTS = { east: EAST, west: WEST, south: 'south.openai.azure.com', north: 'north.openai.azure.com' }
type Name = keyof typeof HOSTS

const RETRY =
  '<retry condition="@(context.Response == null || context.Response.StatusCode >= 429)" count="3" interval="0" first-fast-retry="true">' +
  '<set-backend-service backend-id="models" /><forward-request buffer-request-body="true" buffer-response="false" /></retry>'
const TO_POOL = '<set-backend-service backend-id="models" />'

async function openPool(
  services: Parameters<typeof pool>,
  {
    options = {},
    rule = breaker(),
    backend = '<forward-request buffer-response="false" />',
  }: { options?: Parameters<typeof openRuntime>[0]; rule?: object; backend?: string } = {},
) {
  const lab = await openRuntime(options)
  for (const [name, host] of Object.entries(HOSTS)) {
    lab.put(`backends/${name}`, single(host, rule))
    lab.backend(host, () => answer(200))
  }
  lab.put('backends/models', pool(...services))
  putApi(lab, policy(TO_POOL, { backend }))
  return lab
}

/** Where the next so many calls went, by name. */
async function shares(lab: Runtime, calls: number): Promise<Record<Name, number>> {
  const counts = { east: 0, west: 0, south: 0, north: 0 }
  for (let each = 0; each < calls; each++) {
    lab.asked.length = 0
    lab.answered.length = 0
    lab.vantages.length = 0
    await lab.call()
    for (const { host } of lab.asked) counts[host.split('.')[0] as Name] += 1
  }
  return counts
}

const status = async (lab: Runtime) => (await lab.asks()).status

describe('weights', () => {
  test('over 100,000 calls shares are the weights’, within 1 % and by a chi-squared test', {
    timeout: 120_000,
  }, async () => {
    const weights = { east: 100, west: 43, south: 20, north: 7 }
    const lab = await openPool([
      ['east', 1, 100],
      ['west', 1, 43],
      ['south', 1, 20],
      ['north', 1, 7],
    ])
    const calls = 100_000
    const counts = await shares(lab, calls)
    let chiSquared = 0
    for (const [name, weight] of Object.entries(weights)) {
      const expected = (calls * weight) / 170
      expect(Math.abs(counts[name as Name] - expected) / calls).toBeLessThan(0.01)
      chiSquared += (counts[name as Name] - expected) ** 2 / expected
    }
    // 3 degrees of freedom, p = 0.01.
    expect(chiSquared).toBeLessThan(11.34)
  })

  test.each([
    ['left out: all alike', [['east'], ['west']], { east: 50, west: 50 }],
    [
      'mean something inside their group only',
      [
        ['east', 1, 1],
        ['west', 2, 100],
      ],
      { east: 100, west: 0 },
    ],
    [
      'of 0 draw nothing beside others',
      [
        ['east', 1, 0],
        ['west', 1, 5],
      ],
      { east: 0, west: 100 },
    ],
    [
      'of 0 everywhere: all alike',
      [
        ['east', 1, 0],
        ['west', 1, 0],
      ],
      { east: 50, west: 50 },
    ],
  ] as [string, Parameters<typeof pool>, Partial<Record<Name, number>>][])(
    '%s',
    async (_what, services, expected) => {
      const lab = await openPool(services, { options: { switches: { units: 1 } } })
      expect(await shares(lab, 100)).toMatchObject(expected)
    },
  )

  test('turns are smooth: a heavy member does not come in a row', async () => {
    const lab = await openPool(
      [
        ['east', 1, 2],
        ['west', 1, 1],
        ['south', 1, 1],
      ],
      { options: { switches: { units: 1 } } },
    )
    for (let each = 0; each < 8; each++) await lab.asks()
    expect(
      lab
        .hostsAsked()
        .map((host) => host.charAt(0))
        .join(''),
    ).toBe('ewseewse')
  })
})

describe('priorities', () => {
  test('are strict: the next group is asked only when every breaker of the better one is open', async () => {
    const lab = await openPool(
      [
        ['south', 5],
        ['east', 1],
        ['west', 1],
      ],
      { options: { switches: { units: 1 } } },
    )
    expect(await shares(lab, 50)).toMatchObject({ south: 0 })
    lab.backend(EAST, () => answer(429, { 'retry-after': '60' }))
    await shares(lab, 2)
    expect(await shares(lab, 50)).toMatchObject({ east: 0, west: 50, south: 0 })
    lab.backend(WEST, () => answer(429, { 'retry-after': '60' }))
    await shares(lab, 1)
    expect(await shares(lab, 50)).toMatchObject({ east: 0, west: 0, south: 50 })
    lab.advance(60)
    lab.backend(EAST, () => answer(200))
    lab.backend(WEST, () => answer(200))
    expect(await shares(lab, 50)).toMatchObject({ south: 0 })
  })

  test('without breakers the second group is never asked', async () => {
    const lab = await openPool(
      [
        ['east', 1],
        ['west', 2],
      ],
      { rule: {}, backend: RETRY },
    )
    lab.backend(EAST, () => answer(500))
    expect(await shares(lab, 10)).toMatchObject({ east: 40, west: 0 })
  })
})

describe('a breaker', () => {
  const one = (rule: object) => openPool([['east', 1]], { options: { switches: { units: 1 } }, rule })

  test('trips at its count within its interval, and closes on time', async () => {
    const lab = await one(breaker({ count: 3, interval: 'PT10S' }))
    lab.backend(EAST, () => answer(500))
    expect([await status(lab), await status(lab)]).toEqual([500, 500])
    lab.advance(10)
    expect([await status(lab), await status(lab), await status(lab)]).toEqual([500, 500, 500])
    expect([await status(lab), lab.asked.length]).toEqual([503, 5])
    lab.advance(9.999)
    expect(await status(lab)).toBe(503)
    lab.advance(0.001)
    expect(await status(lab)).toBe(500)
  })

  test('trips at a percentage of the calls within its interval', async () => {
    const lab = await one(breaker({ count: null, percentage: 50, interval: 'PT1M' }))
    for (let each = 0; each < 3; each++) await lab.asks()
    lab.backend(EAST, () => answer(500))
    expect([await status(lab), await status(lab), await status(lab), await status(lab)]).toEqual([
      500, 500, 500, 503,
    ])
  })

  test.each([
    ['seconds', '30', 30],
    ['a date', new Date(Date.parse('2026-03-01T12:00:45Z')).toUTCString(), 45],
    ['nothing that can be read: the rule’s own', 'soon', 10],
    ['0: the rule’s own', '0', 10],
    ['a day', '86400', 86_400],
  ])('waits for Retry-After: %s', async (_form, retryAfter, seconds) => {
    const lab = await one(breaker())
    lab.backend(EAST, () => answer(429, { 'retry-after': retryAfter, 'retry-after-ms': '1' }))
    await lab.asks()
    lab.advance(seconds - 0.001)
    expect(await status(lab)).toBe(503)
    lab.advance(0.001)
    expect(await status(lab)).toBe(429)
  })

  test('counts only what it names', async () => {
    const lab = await one(breaker())
    for (const given of [200, 400, 404, 408, 409]) {
      lab.backend(EAST, () => answer(given))
      expect([await status(lab), await status(lab)]).toEqual([given, given])
    }
  })

  test('counts reasons where it names some', async () => {
    const lab = await one(breaker({ statusCodeRanges: [], errorReasons: ['BackendConnectionFailure'] }))
    lab.backend(EAST, () => answer(200, {}, '{}', 300_001))
    expect([await status(lab), await status(lab)]).toEqual([500, 500])
    expect(lab.asked).toHaveLength(2)
    lab.backend(EAST, () => ({ unreached: 'ECONNREFUSED', because: 'nobody' }))
    expect([await status(lab), await status(lab)]).toEqual([500, 503])
  })

  test('guards a backend that stands alone, too', async () => {
    const lab = await one(breaker())
    lab.put('apis/openai/policies/policy', { value: policy(''), format: 'rawxml' })
    lab.backend(EAST, () => answer(500))
    expect([await status(lab), await status(lab)]).toEqual([500, 503])
    expect(lab.asked).toHaveLength(1)
  })
})

describe('an exhausted pool', () => {
  test('answers 503 without Retry-After, or the status its failureResponse names', async () => {
    const lab = await openPool([['east', 1]], { options: { switches: { units: 1 } } })
    lab.backend(EAST, () => answer(500))
    await lab.asks()
    expect(await lab.asks()).toMatchObject({ status: 503, headers: {} })
    const { pool: inner, ...rest } = pool(['east', 1])
    lab.put('backends/models', { ...rest, pool: { ...inner, failureResponse: { statusCode: 429 } } })
    expect(await status(lab)).toBe(429)
  })
  test('is an error instead, where the switch says so', async () => {
    const lab = await openPool([['east', 1]], {
      options: { switches: { units: 1, exhaustedPool: 'raises' } },
    })
    lab.put('apis/openai/policies/policy', {
      format: 'rawxml',
      value: policy(TO_POOL, {
        onError:
          '<set-header name="x-why" exists-action="override"><value>@(context.LastError.Reason)</value></set-header>',
      }),
    })
    lab.backend(EAST, () => answer(500))
    await lab.asks()
    expect((await lab.asks()).headers['x-why']).toBe('BackendConnectionFailure')
  })
})

describe('session affinity', () => {
  const sticky = {
    ...pool(['east', 1], ['west', 1]),
    pool: {
      ...pool(['east', 1], ['west', 1]).pool,
      sessionAffinity: { sessionId: { source: 'Cookie', name: 'home' } },
    },
  }

  test('a caller who sends the cookie back stays; without it the pool turns', async () => {
    const lab = await openPool([['east', 1]], { options: { switches: { units: 1 } } })
    lab.put('backends/models', sticky)
    const first = await lab.asks()
    const cookie = first.headers['set-cookie'] ?? ''
    expect(cookie).toMatch(/^home=[^;]+; Path=\/; Secure; HttpOnly$/)
    expect(cookie).not.toContain('east')
    const headers = { 'api-key': 'key-of-the-caller', cookie: `a=b; ${cookie.split(';')[0]}` }
    for (let each = 0; each < 3; each++)
      expect((await lab.asks({ headers })).headers['set-cookie']).toBeUndefined()
    expect(lab.hostsAsked()).toEqual([EAST, EAST, EAST, EAST])
    await lab.asks()
    expect(lab.hostsAsked().at(-1)).toBe(WEST)
  })

  test('a tripped member lets its callers go, with a new cookie', async () => {
    const lab = await openPool([['east', 1]], { options: { switches: { units: 1 } } })
    lab.put('backends/models', sticky)
    const cookie = (await lab.asks()).headers['set-cookie']?.split(';')[0] ?? ''
    const headers = { 'api-key': 'key-of-the-caller', cookie }
    lab.backend(EAST, () => answer(500))
    await lab.asks({ headers })
    const moved = await lab.asks({ headers })
    expect(lab.hostsAsked()).toEqual([EAST, EAST, WEST])
    expect(moved.headers['set-cookie']).toMatch(/^home=/)
  })
})

describe('units', () => {
  test('there are two, or as many as the sku says; each takes its part of the calls', async () => {
    for (const [capacity, expected] of [
      [1, 2],
      [3, 3],
    ] as const) {
      const lab = await openPool([['east', 1]], { options: { capacity } })
      const seen: number[] = []
      for (let each = 0; each < 300; each++) {
        await lab.call()
        seen.push(lab.answered.at(-1)?.unit ?? -1)
      }
      const counts = [...Map.groupBy(seen, (unit) => unit).values()].map(({ length }) => length)
      expect(counts).toHaveLength(expected)
      expect(Math.min(...counts)).toBeGreaterThan(300 / expected / 2)
    }
  })

  test('hear of a change each in its own time: they disagree, and agree again', async () => {
    const lab = await openPool([['east', 1]], { options: { temper: 'usual', seed: 5 } })
    lab.advance(120)
    await shares(lab, 20)
    lab.put('backends/models', pool(['west', 1]))
    const phases: string[] = []
    for (let second = 0; second <= 60; second++) {
      const { east, west } = await shares(lab, 20)
      phases.push(east === 0 ? 'new' : west === 0 ? 'old' : 'apart')
      lab.advance(1)
    }
    expect(phases.slice(0, 5)).toEqual(Array(5).fill('old'))
    expect(phases.join(' ')).toMatch(/^(old )+(apart )+(new ?)+$/)
    expect(phases.at(-1)).toBe('new')
  })

  test('have not heard yet of what was made just before the first call ever', async () => {
    const lab = await openPool([['east', 1]], { options: { temper: 'usual' } })
    expect(await status(lab)).toBe(404)
    lab.advance(60)
    expect(await status(lab)).toBe(200)
  })

  test('go by what they knew when what was deleted is still on its way out', async () => {
    const lab = await openPool([['east', 1]], { options: { temper: 'usual' } })
    lab.advance(120)
    expect(await status(lab)).toBe(200)
    lab.remove('apis/openai')
    expect(await status(lab)).toBe(200)
    lab.advance(60)
    expect(await status(lab)).toBe(404)
  })

  test('on a fast day hear at once', async () => {
    const lab = await openPool([['east', 1]])
    await shares(lab, 4)
    lab.put('backends/models', pool(['west', 1]))
    expect(await shares(lab, 10)).toMatchObject({ east: 0, west: 10 })
  })

  test.each([true, false])(
    'the PUT of a pool closes its members’ breakers: %s',
    async (poolPutResetsBreakers) => {
      const lab = await openPool([['east', 1, 1]], {
        options: { switches: { units: 1, poolPutResetsBreakers } },
      })
      lab.backend(EAST, () => answer(429, { 'retry-after': '3600' }))
      await lab.asks()
      lab.put('backends/models', pool(['east', 1, 2]))
      expect(await status(lab)).toBe(poolPutResetsBreakers ? 429 : 503)
    },
  )

  test('with another pool untouched a breaker stays open, whatever the switch', async () => {
    const lab = await openPool([['east', 1, 1]], {
      options: { switches: { units: 1, poolPutResetsBreakers: true } },
    })
    lab.put('backends/others', pool(['west', 1]))
    lab.backend(EAST, () => answer(429, { 'retry-after': '3600' }))
    await lab.asks()
    lab.put('backends/others', pool(['west', 1, 5]))
    expect(await status(lab)).toBe(503)
  })
})

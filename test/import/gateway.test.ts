import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/resources/kind.ts'
import { account, at, backend, deployment, describing, pool, standing } from './standing.ts'

/** Two accounts with one deployment each, and a backend for each under the service's own names. */
const two = (first = 10, second = 30, sku = 'GlobalStandard'): JsonObject[] => [
  account('east'),
  account('west'),
  deployment('east', 'chat', 'GlobalStandard', first),
  deployment('west', 'chat', sku, second),
  backend('east--chat', 'east'),
  backend('west--chat', 'west'),
]
const path = (name: string) => `Microsoft.ApiManagement/service/gw/backends/${name}`

const api = (name: string, policy: string): JsonObject[] => [
  at(`Microsoft.ApiManagement/service/gw/apis/${name}`, { properties: { path: 'models' } }),
  at(`Microsoft.ApiManagement/service/gw/apis/${name}/policies/policy`, {
    properties: { format: 'xml', value: `<policies><inbound>${policy}</inbound></policies>` },
  }),
]
const to = (name: string) => `<set-backend-service backend-id="${name}" />`

describe('a pool', () => {
  const membersOf = (...bodies: JsonObject[]) =>
    describing(standing(...bodies)).document?.gateway.pools[0]?.members

  test('with weights by capacity says none', () => {
    expect(
      membersOf(
        ...two(),
        pool('chat', [
          ['east--chat', 33],
          ['west--chat', 100],
        ]),
      ),
    ).toEqual([
      { account: 'east', priority: 1 },
      { account: 'west', priority: 1 },
    ])
  })

  test('with other weights says them, scaled so that the largest is 100', () => {
    expect(
      membersOf(
        ...two(),
        pool('chat', [
          ['east--chat', 3],
          ['west--chat', 1],
        ]),
      ),
    ).toMatchObject([{ weight: 100 }, { weight: 33 }])
  })

  test('that mixes provisioned units and tokens per minute says its weights, whatever they are', () => {
    expect(
      membersOf(
        ...two(10, 10, 'ProvisionedManaged'),
        pool('chat', [
          ['east--chat', 100],
          ['west--chat', 100],
        ]),
      ),
    ).toMatchObject([{ weight: 100 }, { weight: 100 }])
  })

  test('with a share outside the usual bounds has them widened, and that is told', () => {
    const { document, about } = describing(
      standing(
        ...two(),
        pool('chat', [
          ['east--chat', 1],
          ['west--chat', 99],
        ]),
      ),
    )
    expect(document?.gateway.pools[0]?.members).toMatchObject([
      { weight: 1, bounds: [1, 95] },
      { weight: 100, bounds: [5, 100] },
    ])
    expect(about(path('chat')).map(({ is }) => is)).toEqual(['assumed', 'assumed'])
  })

  test('whose members have no one deployment in common is left out', () => {
    const { document, about } = describing(
      standing(
        account('east'),
        account('west'),
        deployment('east', 'one', 'Standard', 1),
        deployment('west', 'other', 'Standard', 1),
        backend('to-a', 'east'),
        backend('to-b', 'west'),
        pool('mixed', [
          ['to-a', 1],
          ['to-b', 1],
        ]),
      ),
    )
    expect(document?.gateway.pools).toEqual([])
    expect(about(path('mixed'))).toMatchObject([
      { is: 'left out', message: expect.stringContaining('to-a and to-b') },
    ])
  })

  test('of a deployment that is in a pool already is left out', () => {
    const { document, about } = describing(
      standing(...two(), pool('chat', [['east--chat', 1]]), pool('again', [['west--chat', 1]])),
    )
    expect(document?.gateway.pools.map(({ name }) => name)).toEqual(['chat'])
    expect(about(path('again'))).toMatchObject([{ message: expect.stringContaining('is in chat already') }])
  })

  test('under a name that no document can say is left out, its backends named too', () => {
    const { about } = describing(standing(...two(), pool('Chat_Pool', [['east--chat', 1]])))
    expect(about(path('Chat_Pool'))).toMatchObject([{ message: expect.stringContaining('this name') }])
    expect(about(path('east--chat'))).toMatchObject([{ is: 'left out' }])
  })

  test('with affinity is what responses: sticky makes, under its name; any other is named', () => {
    const affinity = { sessionAffinity: { sessionId: { source: 'Cookie', name: 'c' } } }
    const members: [string, number][] = [
      ['east--chat', 33],
      ['west--chat', 100],
    ]
    const { document, about } = describing(
      standing(
        ...two(),
        pool('chat', members),
        pool('chat-responses', members, affinity),
        pool('theirs', members, affinity),
      ),
    )
    expect(document?.gateway.api.responses).toBe('sticky')
    expect(document?.gateway.pools).toHaveLength(1)
    expect(about(path('theirs'))).toMatchObject([{ is: 'left out', path: 'gateway.api.responses' }])
  })
})

describe('the policy of the API', () => {
  const pools = [
    ...two(),
    deployment('east', 'embed', 'Standard', 1),
    backend('east--embed', 'east'),
    pool('chat', [['west--chat', 1]]),
    pool('embed', [['east--embed', 1]]),
  ]
  const described = (policy: string) => describing(standing(...pools, ...api('models', policy)))

  test('says which pool is the first: the last it names, which takes the rest', () => {
    const choose = (when: string, otherwise: string) =>
      `<choose><when condition="@(true)">${to(when)}</when><otherwise>${to(otherwise)}</otherwise></choose>`
    const names = (policy: string) => described(policy).document?.gateway.pools.map(({ name }) => name)
    expect(names(choose('chat', 'embed'))).toEqual(['embed', 'chat'])
    expect(names(choose('embed', 'chat'))).toEqual(['chat', 'embed'])
  })

  test('says limits, where they are numbers', () => {
    const { document } = described(
      `${to('chat')}<llm-token-limit counter-key="k" tokens-per-minute="500" /><rate-limit-by-key calls="@(5)" renewal-period="10" counter-key="k" />`,
    )
    expect(document?.gateway.api).toMatchObject({ path: 'models', tokenLimit: { tokensPerMinute: 500 } })
    expect(document?.gateway.api.rateLimit).toBeUndefined()
  })

  test('that logs to an event hub cannot be accepted where the app has none, and that is said', () => {
    const { yaml, document, notes } = described(
      `${to('chat')}<log-to-eventhub logger-id="l">x</log-to-eventhub>`,
    )
    expect(yaml).toContain('logTo: eventHub')
    expect(document).toBeUndefined()
    expect(notes).toContainEqual(expect.objectContaining({ is: 'fault', path: 'gateway.api.logTo' }))
  })

  test('that cannot be read is unreadable, and the rest is described', () => {
    const { document, about } = described('<broken')
    expect(document?.gateway.api.path).toBe('models')
    expect(about('Microsoft.ApiManagement/service/gw/apis/models/policies/policy')).toMatchObject([
      { is: 'unreadable' },
    ])
  })

  test('the environment’s name is the one that the service has left there', () => {
    const owner = at('Microsoft.ApiManagement/service/gw/namedValues/ops-environment', {
      properties: { value: 'contoso' },
    })
    expect(describing(standing(owner)).document?.name).toBe('contoso')
    expect(describing(standing(owner), { name: 'other' }).document?.name).toBe('other')
    expect(describing(standing()).document?.name).toBe('hub')
  })
})

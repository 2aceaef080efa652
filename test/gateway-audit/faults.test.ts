import { expect, test } from 'vitest'
import type { LiveGateway } from '../../src/gateway-audit/live.ts'
import {
  account,
  affinity,
  backend,
  bent,
  failures,
  forwarding,
  found,
  lines,
  pool,
  service,
  sound,
  withBackends,
} from './gateway.ts'

/** One case per finding: a sound gateway with one fault in it. What it says besides of severity note is not looked at. */
interface Case {
  name: string
  why: string
  live: Partial<LiveGateway>
  want: string[]
  /** Notes that must be there. */
  notes?: string[]
}

const east = (rule = {}, properties = {}) => withBackends(backend('east--gpt-4o', properties, rule))
const again = '@(context.Response == null || context.Response.StatusCode == 429)'
const forward = '<forward-request timeout="240" buffer-request-body="true" buffer-response="false"/>'
const choice = '<set-backend-service backend-id="gpt-4o"/>'
const retry = (attributes: string, inner = `${choice}${forward}`) =>
  forwarding(`<retry interval="0" ${attributes}>${inner}</retry>`)
const trio = (...rest: [weight?: number, priority?: number][]) =>
  pool(
    'gpt-4o',
    ['east--gpt-4o', 'west--gpt-4o', 'ptu--gpt-4o'].map((name, index) => [name, ...(rest[index] ?? [100])]),
  )
const withPtu = (...rest: [weight?: number, priority?: number][]) => ({
  ...withBackends(backend('ptu--gpt-4o'), trio(...rest)),
  accounts: [...sound.accounts, account('ptu', { 'gpt-4o': ['ProvisionedManaged', 50] })],
})

const breakers: Case[] = [
  {
    name: 'a breaker that is missing',
    why: 'a pool fails over only through the breakers of its members',
    live: east({}, { circuitBreaker: null }),
    want: ['costs calls: breaker-missing, backend east--gpt-4o'],
  },
  {
    name: 'a breaker of no rules',
    why: 'is none',
    live: east({}, { circuitBreaker: { rules: [] } }),
    want: ['costs calls: breaker-missing, backend east--gpt-4o'],
  },
  {
    name: 'a trip of a minute that ignores Retry-After',
    why: 'the one setting that triples failures',
    live: east({ acceptRetryAfter: false, tripDuration: 'PT1M' }),
    want: ['costs calls: breaker-ignores-retry-after, backend east--gpt-4o'],
  },
  {
    name: 'a short trip that ignores Retry-After',
    why: 'costs a wasted 429 every 10 seconds, which is not much',
    live: east({ acceptRetryAfter: false }),
    want: ['risk: breaker-ignores-retry-after, backend east--gpt-4o'],
  },
  {
    name: 'a long trip',
    why: 'most 5xx do not say how long, and are over in a moment',
    live: east({ tripDuration: 'PT5M' }),
    want: ['risk: breaker-trips-long, backend east--gpt-4o'],
  },
  {
    name: 'a trip whose duration is no duration',
    why: 'is not understood, and no fault is made of it',
    live: east({ tripDuration: 'a while' }),
    want: [],
    notes: ['note: not-understood, backend east--gpt-4o'],
  },
  {
    name: 'a breaker that does not count 429',
    why: 'throttling is the failure it is for',
    live: east(failures(1, [500, 599])),
    want: ['costs calls: breaker-omits-429, backend east--gpt-4o'],
  },
  {
    name: 'a breaker by reasons alone',
    why: 'which statuses these cover is written down nowhere',
    live: east({ failureCondition: { count: 1, interval: 'PT10S', errorReasons: ['Server errors'] } }),
    want: [],
    notes: ['note: not-understood, backend east--gpt-4o'],
  },
  {
    name: 'a breaker that counts what callers do wrong',
    why: 'one caller with a wrong deployment name would take the member from all',
    live: east(failures(1, [400, 599])),
    want: ['costs calls: breaker-counts-callers, backend east--gpt-4o'],
  },
  {
    name: 'a breaker that waits for three',
    why: 'the tries of one call meet the same throttled member',
    live: east(failures(3, [429, 429], [500, 599])),
    want: ['risk: breaker-waits, backend east--gpt-4o'],
  },
  {
    name: 'a second group behind a member without a breaker',
    why: 'the better group never ends, so the next is never asked',
    live: withBackends(
      backend('east--gpt-4o', { circuitBreaker: null }),
      pool('gpt-4o', [
        ['east--gpt-4o', 100, 1],
        ['west--gpt-4o', 100, 2],
      ]),
    ),
    want: [
      'costs calls: breaker-missing, backend east--gpt-4o',
      'costs calls: group-unreachable, pool gpt-4o',
    ],
  },
  {
    name: 'a last group without a breaker',
    why: 'nothing comes after it, so all groups are reached',
    live: withBackends(
      backend('west--gpt-4o', { circuitBreaker: null }),
      pool('gpt-4o', [
        ['east--gpt-4o', 100, 1],
        ['west--gpt-4o', 100, 9],
      ]),
    ),
    want: ['costs calls: breaker-missing, backend west--gpt-4o'],
  },
]

const tries: Case[] = [
  {
    name: 'a forward without retry',
    why: 'the caller gets the 429 of one while the other could answer',
    live: {
      policies: forwarding(forward).map((it) => ({
        ...it,
        xml: it.xml.replace('<base/>', `<base/>${choice}`),
      })),
    },
    want: ['costs calls: no-retry, policy models'],
  },
  {
    name: 'a retry of no tries',
    why: 'is none',
    live: { policies: retry(`count="0" condition="${again}"`) },
    want: ['costs calls: no-retry, policy models'],
  },
  {
    name: 'two tries over three members',
    why: 'two that are full at once fail the call',
    live: { ...withPtu(), ...{ policies: retry(`count="1" condition="${again}"`) } },
    want: ['risk: few-tries, policy models', 'risk: provisioned-mixed, pool gpt-4o'],
  },
  {
    name: 'six tries over two members with breakers',
    why: 'meet tripped breakers, and only take time',
    live: { policies: retry(`count="5" condition="${again}"`) },
    want: [],
    notes: ['note: many-tries, policy models'],
  },
  {
    name: 'a count that is an expression',
    why: 'is not understood',
    live: { policies: retry(`count="@(int.Parse(&quot;2&quot;))" condition="${again}"`) },
    want: [],
    notes: ['note: not-understood, policy models'],
  },
  {
    name: 'a retry that leaves 429 out',
    why: 'throttling is what another member helps against',
    live: {
      policies: retry(
        'count="2" condition="@(context.Response == null || context.Response.StatusCode >= 500)"',
      ),
    },
    want: ['costs calls: retry-without-429, policy models'],
  },
  {
    name: 'a retry whose condition needs a response',
    why: 'a member that cannot be reached gives none',
    live: { policies: retry('count="2" condition="@(context.Response.StatusCode == 429)"') },
    want: ['risk: retry-needs-response, policy models'],
  },
  {
    name: 'a retry whose condition nobody can read',
    why: 'is not understood, and no fault is made of it',
    live: { policies: retry('count="2" condition="@((bool)context.Variables[&quot;again&quot;])"') },
    want: [],
    notes: ['note: not-understood, policy models'],
  },
  {
    name: 'a retry that waits',
    why: 'the next member could answer at once',
    live: { policies: bent(['interval="0"', 'interval="20"']) },
    want: ['risk: retry-waits, policy models'],
  },
  {
    name: 'a pool chosen before the retry',
    why: 'a choice within it surely picks anew; whether a forward alone does is unverified',
    live: {
      policies: bent(
        [/<retry condition="[^"]*"/, `<retry condition="${again}"`],
        [choice, ''],
        ['<base/>', `<base/>${choice}`],
      ),
    },
    want: ['risk: retry-without-choice, policy models'],
  },
  {
    name: 'a retry without the request’s body',
    why: 'the second try sends an empty one',
    live: { policies: bent([' buffer-request-body="true"', '']) },
    want: ['costs calls: retry-without-body, policy models'],
  },
]

const answers: Case[] = [
  {
    name: 'answers that are buffered',
    why: 'it is the default, and a stream arrives all at once',
    live: { policies: bent([' buffer-response="false"', '']) },
    want: ['risk: answer-buffered, policy models'],
  },
  {
    name: 'a log that reads the answer',
    why: 'whoever reads a body waits for its end',
    live: {
      policies: bent([
        '<outbound>',
        '<outbound><log-to-eventhub logger-id="a">@(context.Response.Body.As&lt;string&gt;(true))</log-to-eventhub>',
      ]),
    },
    want: ['risk: answer-read, policy models'],
  },
  {
    name: 'a log that reads answers that are errors',
    why: 'these are small and whole, and no stream waits for it',
    live: {
      policies: bent([
        '<outbound>',
        '<outbound><choose><when condition="@(context.Response.StatusCode >= 400)"><log-to-eventhub logger-id="a">@(context.Response.Body.As&lt;string&gt;(true))</log-to-eventhub></when></choose>',
      ]),
    },
    want: [],
  },
  {
    name: 'a time-out of ten seconds',
    why: 'a long answer that is not streamed takes longer, and is paid for twice',
    live: { policies: bent(['timeout="240"', 'timeout="10"']) },
    want: ['risk: time-out-short, policy models'],
  },
  {
    name: 'a time-out beyond what Azure keeps open',
    why: 'then no policy answers',
    live: { policies: bent(['timeout="240"', 'timeout="600"']) },
    want: [],
    notes: ['note: time-out-long, policy models'],
  },
  {
    name: 'an exhausted pool that does not say when',
    why: 'SDKs wait as long as they are told',
    live: {
      policies: bent([/name="Retry-After"/, 'name="x-wait"'], [/name="Retry-After"/, 'name="x-wait"']),
    },
    want: ['costs calls: exhausted-without-retry-after, policy models'],
  },
  {
    name: 'errors that are told',
    why: 'the gateway’s own text can name what stands behind it',
    live: {
      policies: bent([
        '<on-error>',
        '<on-error><set-header name="x" exists-action="override"><value>@(context.LastError.Message)</value></set-header>',
      ]),
    },
    want: [],
    notes: ['note: error-told, policy models'],
  },
  {
    name: 'a key in a policy',
    why: 'it does not expire, and whoever reads the configuration has it',
    live: {
      policies: bent([
        '<set-header name="api-key" exists-action="delete"/>',
        '<set-header name="api-key" exists-action="override"><value>{{openai-key}}</value></set-header>',
      ]),
    },
    want: ['risk: key-not-identity, policy models'],
  },
  {
    name: 'a key at a backend',
    why: 'as in a policy',
    live: east({}, { credentials: { header: { 'api-key': ['secret'] } } }),
    want: ['risk: key-not-identity, backend east--gpt-4o'],
  },
  {
    name: 'a policy that is none',
    why: 'is not understood',
    live: { policies: [{ name: 'models', apiPath: 'openai', xml: '<policies><inbound>' }] },
    want: [],
    notes: ['note: not-understood, policy models'],
  },
  {
    name: 'a pool that is chosen by a variable',
    why: 'which one is nobody’s to guess',
    live: {
      policies: bent([
        choice,
        '<set-backend-service backend-id="@((string)context.Variables[&quot;b&quot;])"/>',
      ]),
    },
    want: [],
    notes: ['note: not-understood, policy models'],
  },
]

const people = (...names: string[]) => ({
  accounts: [
    account('east', Object.fromEntries(names.map((name) => [name, ['GlobalStandard', 50]]))),
    account('west', { 'gpt-4o': ['GlobalStandard', 50] }),
  ],
})
const plainNames = (sku = 'GlobalStandard', first = 50, second = 50): Partial<LiveGateway> => ({
  backends: [
    backend('first', { url: 'https://east.openai.azure.com/openai' }),
    backend('second', { url: 'https://west.openai.azure.com/openai' }),
    pool('gpt-4o', [
      ['first', 50],
      ['second', 50],
    ]),
  ],
  accounts: [account('east', { 'gpt-4o': [sku, first] }), account('west', { 'gpt-4o': [sku, second] })],
})

const members: Case[] = [
  {
    name: 'deployments of different names',
    why: 'the same path goes to each member, so half of the calls are answered 404',
    live: { ...plainNames(), ...people('chat') },
    want: ['costs calls: deployments-named-differently, pool gpt-4o'],
  },
  {
    name: 'a deployment that a member lacks',
    why: 'its backend is named for it, and its account does not have it',
    live: {
      backends: [
        backend('east--gpt-4o'),
        backend('west--gpt-4o', { url: 'https://north.openai.azure.com/openai' }),
        pool('gpt-4o', [
          ['east--gpt-4o', 100],
          ['west--gpt-4o', 100],
        ]),
      ],
      accounts: [
        account('east', { 'gpt-4o': ['GlobalStandard', 50], other: ['GlobalStandard', 50] }),
        account('north', { other: ['GlobalStandard', 50] }),
      ],
    },
    want: ['costs calls: deployment-missing, pool gpt-4o'],
  },
  {
    name: 'different models under one name',
    why: 'what a caller gets depends on which is asked',
    live: {
      accounts: [
        account('east', { 'gpt-4o': ['GlobalStandard', 50, 'gpt-4o-mini'] }),
        account('west', { 'gpt-4o': ['GlobalStandard', 50] }),
      ],
    },
    want: ['risk: models-differ, pool gpt-4o'],
  },
  {
    name: 'provisioned throughput behind pay-as-you-go',
    why: 'it is paid for by the hour and asked last',
    live: withPtu([100, 1], [100, 1], [100, 2]),
    want: ['risk: provisioned-not-first, pool gpt-4o'],
  },
  {
    name: 'provisioned throughput beside pay-as-you-go',
    why: 'half of its tokens stay unused while others are paid for',
    live: withPtu(),
    want: ['risk: provisioned-mixed, pool gpt-4o'],
  },
  {
    name: 'an address without /openai',
    why: 'SDKs append to a base that ends in it',
    live: east({}, { url: 'https://east.openai.azure.com/' }),
    want: ['costs calls: address-without-openai, backend east--gpt-4o'],
  },
  {
    name: 'a backend in pools of two deployments',
    why: 'when one deployment is full the other is taken out too',
    live: {
      ...plainNames(),
      backends: [
        ...(plainNames().backends ?? []),
        pool('mini', [
          ['first', 50],
          ['second', 50],
        ]),
      ],
      accounts: ['east', 'west'].map((name) =>
        account(name, { 'gpt-4o': ['GlobalStandard', 50], mini: ['GlobalStandard', 50] }),
      ),
    },
    want: ['costs calls: breaker-shared, backend first', 'costs calls: breaker-shared, backend second'],
  },
  {
    name: 'a pool for all deployments of its accounts',
    why: 'they share a breaker, if callers use more than one',
    live: {
      ...plainNames(),
      policies: bent([choice, choice.replace('gpt-4o', 'all')]),
      backends: [
        ...(plainNames().backends ?? []).slice(0, 2),
        pool('all', [
          ['first', 50],
          ['second', 50],
        ]),
      ],
      accounts: ['east', 'west'].map((name) =>
        account(name, { 'gpt-4o': ['GlobalStandard', 50], mini: ['GlobalStandard', 50] }),
      ),
    },
    want: ['risk: breaker-shared, backend first', 'risk: breaker-shared, backend second'],
  },
  {
    name: 'a member somewhere else',
    why: 'its quota is not known, and nothing is made of that',
    live: east({}, { url: 'https://models.example.com/openai' }),
    want: [],
    notes: ['note: not-understood, backend east--gpt-4o'],
  },
  {
    name: 'a pool of one',
    why: 'there is nobody to fail over to, and nothing to weigh',
    live: withBackends(pool('gpt-4o', [['east--gpt-4o', 100]])),
    want: [],
    notes: ['note: needs-no-weights, pool gpt-4o', 'note: pool-of-one, pool gpt-4o'],
  },
]

const shares: Case[] = [
  {
    name: 'a weight of 0',
    why: 'what it does is written down nowhere',
    live: withBackends(
      pool('gpt-4o', [
        ['east--gpt-4o', 100],
        ['west--gpt-4o', 0],
      ]),
    ),
    want: ['risk: weight-zero, pool gpt-4o'],
  },
  {
    name: 'a weight that is missing beside others',
    why: 'what it counts for is written down nowhere',
    live: withBackends(pool('gpt-4o', [['east--gpt-4o', 1], ['west--gpt-4o']])),
    want: [],
    notes: ['note: weight-missing, pool gpt-4o'],
  },
  {
    name: 'equal weights over unequal quotas',
    why: 'the smaller account is full long before the larger',
    live: plainNames('GlobalStandard', 100, 30),
    want: ['risk: weights-far-from-quota, pool gpt-4o'],
  },
  {
    name: 'affinity in a pool that is to be balanced',
    why: 'callers stay where they are, and measurements blame the weights',
    live: {
      ...withBackends(
        pool(
          'gpt-4o',
          [
            ['east--gpt-4o', 100],
            ['west--gpt-4o', 100],
          ],
          affinity,
        ),
      ),
      balanced: ['gpt-4o'],
    },
    want: ['risk: affinity-balanced, pool gpt-4o'],
    notes: ['note: needs-no-weights, pool gpt-4o'],
  },
  {
    name: 'a tier without breakers',
    why: 'Consumption has none, whatever the backends say',
    live: { service: service('Consumption', 0) },
    want: ['costs calls: tier-without-breakers, service gw'],
  },
  {
    name: 'a tier for trying',
    why: 'Developer is interrupted by maintenance',
    live: { service: service('Developer') },
    want: [],
    notes: ['note: tier-for-trying, service gw'],
  },
  {
    name: 'several units',
    why: 'each counts for itself',
    live: { service: service('Premium', 3) },
    want: [],
    notes: ['note: units-apart, service gw'],
  },
]

test.each([...breakers, ...tries, ...answers, ...members, ...shares])(
  '$name',
  ({ why, live, want, notes }) => {
    const said = lines(found(live))
    expect(
      said.filter((it) => !it.startsWith('note')),
      why,
    ).toEqual(want)
    expect(said, why).toEqual(expect.arrayContaining(notes ?? []))
  },
)

test('what stands in a wider scope or a fragment counts as if it stood there', () => {
  const xml =
    '<policies><inbound><base/></inbound><backend><base/></backend><outbound><base/></outbound></policies>'
  const inFragment = bent([
    /<backend>[\s\S]*<\/backend>/,
    '<backend><include-fragment fragment-id="tries"/></backend>',
  ])
  const below = { name: 'below', apiPath: 'openai', xml, wider: [bent()[0]?.xml ?? ''] }
  expect(found({ policies: [below] })).toEqual([])
  expect(
    lines(
      found({
        policies: inFragment.map((it) => ({ ...it, xml: it.xml.replace('<base/>', `<base/>${choice}`) })),
        fragments: new Map([['tries', `<fragment>${forward}</fragment>`]]),
      }),
    ),
  ).toEqual(['costs calls: no-retry, policy models'])
  expect(
    lines(
      found({
        policies: inFragment.map((it) => ({ ...it, xml: it.xml.replace('<base/>', `<base/>${choice}`) })),
      }),
    ),
  ).toEqual(['note: not-understood, policy models'])
})

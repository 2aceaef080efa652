import { type BadDocument, changed } from './document.ts'

/** One thing wrong with the whole reference document at a time; each case is named by its fault. */

const with_ = (...replacements: [from: string | RegExp, to: string][]) => changed('contoso', ...replacements)

const member = (fields: string) => with_(['{ account: contoso-eus, bounds: [5, 95] }', fields])
const deployment = (fields: string) =>
  with_(['[{ model: gpt-4o, version: "2024-11-20", sku: GlobalStandard, capacity: 100 }]', fields])
const good = '{ model: gpt-4o, version: "2024-11-20", sku: GlobalStandard, capacity: 100 }'
const data = (fields: string) => with_([/^data: .*$/m, `data: ${fields}`])
const dns = (fields: string) => with_([/^ {2}dns: .*$/m, `  dns: ${fields}`])
const agents = (range: string) =>
  with_([/block: .*/, `block: ${range}`], [/ {4}subnet: 192.*/, `    subnet: ${range}`])
const pool = (fields: string) => with_(['      balance: { mode: shadow } # off | shadow | auto\n', fields])
const first = 'gateway.pools[0].members[0]'

export const platform: BadDocument[] = [
  ['an unknown mode', with_(['mode: full', 'mode: careful']), ['mode']],
  ['an unknown class of repair', with_(['auto: []', 'auto: [everything]']), ['repair.auto[0]']],
  ['a repair class that is never automatic', with_(['auto: []', 'auto: [never]']), ['repair.auto[0]']],
  ['a negative repair budget', with_(['budgetPerHour: 5', 'budgetPerHour: -1']), ['repair.budgetPerHour']],
  ['half a repair', with_(['budgetPerHour: 5', 'budgetPerHour: 0.5']), ['repair.budgetPerHour']],
  ['an interval without its unit', with_(['network: 60s', 'network: 60']), ['probes.network']],
  ['an interval of nothing', with_(['network: 60s', 'network: 0s']), ['probes.network']],
  ['a probe nobody knows', with_(['network: 60s', 'dns: 60s']), ['probes.dns']],
  ['a person by name', with_([/principal: [\w-]+/, 'principal: alice']), ['access[0].principal']],
  ['a kind of principal Entra has not', with_(['type: User', 'type: Robot']), ['access[0].type']],
  ['an owner', with_(['as: responsesUser', 'as: owner']), ['access[0].as']],
  ['the same access twice', with_([/^( {2}- \{ principal: .*)$/m, '$1\n$1']), ['access[1].principal']],
  [
    'a zone nobody needs',
    dns('{ privatelink.redis.cache.windows.net: existing }'),
    ['network.dns.privatelink.redis.cache.windows.net'],
  ],
  [
    'a zone in capitals',
    dns('{ Privatelink.blob.core.windows.net: existing }'),
    ['network.dns.Privatelink.blob.core.windows.net', 'network.dns.Privatelink.blob.core.windows.net'],
  ],
  [
    'a zone of nobody',
    dns('{ privatelink.blob.core.windows.net: theirs }'),
    ['network.dns.privatelink.blob.core.windows.net'],
  ],
  [
    'a zone by its name for an id',
    dns('{ privatelink.blob.core.windows.net: { existing: hub-zone } }'),
    [
      'network.dns.privatelink.blob.core.windows.net.existing',
      'network.dns.privatelink.blob.core.windows.net.existing',
    ],
  ],
  [
    'the id of another zone',
    dns(
      '{ privatelink.blob.core.windows.net: { existing: /subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/privatelink.queue.core.windows.net } }',
    ),
    ['network.dns.privatelink.blob.core.windows.net.existing'],
  ],
  ['agents in a range Foundry uses', agents('172.30.4.0/24'), ['network.agents.subnet']],
  ['agents in the shared address space', agents('100.64.4.0/24'), ['network.agents.subnet']],
  ['agents on public addresses', agents('20.1.4.0/24'), ['network.agents.subnet']],
  ['a slash too many in the API’s path', with_(['path: openai,', 'path: /openai,']), ['gateway.api.path']],
  ['an API where the probe’s is', with_(['path: openai,', 'path: probe/openai,']), ['gateway.api.path']],
  [
    'answers that are neither',
    with_(['responses: stateless', 'responses: stateful']),
    ['gateway.api.responses'],
  ],
  ['a log to nowhere', with_(['logTo: none', 'logTo: file']), ['gateway.api.logTo']],
  [
    'a token limit without its unit',
    with_(['logTo: none', 'logTo: none, tokenLimit: 50000']),
    ['gateway.api.tokenLimit'],
  ],
  [
    'a rate window API Management cannot count',
    with_(['logTo: none', 'logTo: none, rateLimit: { calls: 5, windowSeconds: 3600 }']),
    ['gateway.api.rateLimit.windowSeconds'],
  ],
  ['an unknown mode of balance', with_(['mode: shadow', 'mode: on']), ['gateway.pools[0].balance.mode']],
  ['a pool named as backends are', with_(['name: gpt-4o', 'name: gpt--4o']), ['gateway.pools[0].name']],
  [
    'a pool without members',
    with_([/ {6}members:[\s\S]*? {6}balance/, '      members: []\n      balance']),
    ['gateway.pools[0].members'],
  ],
  ['a member that is no account', member('{ account: contoso-weu }'), [`${first}.account`]],
  ['a member twice', member('{ account: contoso-eus2 }'), ['gateway.pools[0].members[1].account']],
  [
    'a member under another deployment name',
    deployment(`[${good.replace('{ ', '{ name: gpt4, ')}]`),
    [`${first}.account`],
  ],
  [
    'a member with another model',
    deployment(
      '[{ name: gpt-4o, model: gpt-4o-mini, version: "2024-07-18", sku: GlobalStandard, capacity: 1 }]',
    ),
    ['gateway.pools[0].members[1].account'],
  ],
  [
    'a batch deployment behind the gateway',
    deployment(`[${good.replace('GlobalStandard', 'GlobalBatch')}]`),
    [`${first}.account`],
  ],
  ['bounds the wrong way round', member('{ account: contoso-eus, bounds: [95, 5] }'), [`${first}.bounds`]],
  ['a share of nothing', member('{ account: contoso-eus, bounds: [0, 95] }'), [`${first}.bounds[0]`]],
  ['more than everything', member('{ account: contoso-eus, bounds: [5, 105] }'), [`${first}.bounds[1]`]],
  ['one bound', member('{ account: contoso-eus, bounds: [5] }'), [`${first}.bounds`]],
  [
    'floors that leave no room',
    member('{ account: contoso-eus, bounds: [97, 98] }'),
    ['gateway.pools[0].members'],
  ],
  [
    'ceilings that cannot carry all',
    with_(
      ['contoso-eus, bounds: [5, 95]', 'contoso-eus, bounds: [5, 40]'],
      ['contoso-eus2, bounds: [5, 95]', 'contoso-eus2, bounds: [5, 40]'],
    ),
    ['gateway.pools[0].members'],
  ],
  [
    'alone and not allowed everything',
    member('{ account: contoso-eus, priority: 2, bounds: [5, 95] }'),
    ['gateway.pools[0].members', 'gateway.pools[0].members'],
  ],
  [
    'a weight beside none',
    member('{ account: contoso-eus, weight: 50 }'),
    ['gateway.pools[0].members[1].weight'],
  ],
  [
    'a weight of nothing',
    member('{ account: contoso-eus, weight: 0 }'),
    [`${first}.weight`, 'gateway.pools[0].members[1].weight'],
  ],
  [
    'a weight outside its bounds',
    with_(
      ['contoso-eus, bounds: [5, 95]', 'contoso-eus, weight: 99, bounds: [5, 95]'],
      ['contoso-eus2, bounds: [5, 95]', 'contoso-eus2, weight: 1'],
    ),
    [`${first}.weight`],
  ],
  [
    'provisioned units beside tokens',
    deployment(`[${good.replace('GlobalStandard', 'ProvisionedManaged')}]`),
    [`${first}.weight`],
  ],
  [
    'a priority beyond Azure’s',
    member('{ account: contoso-eus, priority: 101, bounds: [5, 100] }'),
    [`${first}.priority`, 'gateway.pools[0].members'],
  ],
  [
    'two pools of one name',
    pool('    - { name: gpt-4o, deployment: other, members: [{ account: contoso-eus }] }\n'),
    ['gateway.pools[1].name', 'gateway.pools[1].members[0].account'],
  ],
  [
    'two pools of one deployment',
    pool('    - { name: second, deployment: gpt-4o, members: [{ account: contoso-eus }] }\n'),
    ['gateway.pools[1].deployment'],
  ],
  [
    'an account named twice',
    with_(['name: contoso-eus2\n', 'name: contoso-eus\n']),
    ['gateway.pools[0].members[1].account', 'foundry.accounts[1].name'],
  ],
  [
    'an account that is no subdomain',
    with_(
      ['name: contoso-eus\n', 'name: contoso_eus\n'],
      ['account: contoso-eus,', 'account: contoso-eus2,'],
    ),
    ['foundry.accounts[0].name', 'gateway.pools[0].members[1].account'],
  ],
  ['a deployment twice', deployment(`[${good}, ${good}]`), ['foundry.accounts[0].deployments[1].model']],
  [
    'a deployment without a version',
    deployment('[{ model: gpt-4o, sku: GlobalStandard, capacity: 100 }]'),
    ['foundry.accounts[0].deployments[0].version'],
  ],
  [
    'a version as a number',
    deployment('[{ model: gpt-4o, version: 20241120, sku: GlobalStandard, capacity: 100 }]'),
    ['foundry.accounts[0].deployments[0].version'],
  ],
  [
    'a tier nobody sells',
    deployment(`[${good.replace('GlobalStandard', 'Free')}]`),
    ['foundry.accounts[0].deployments[0].sku'],
  ],
  [
    'no capacity',
    deployment(`[${good.replace('100', '0')}]`),
    ['foundry.accounts[0].deployments[0].capacity'],
  ],
  [
    'an upgrade at some time',
    deployment(`[${good.replace('capacity: 100', 'capacity: 100, upgrade: later')}]`),
    ['foundry.accounts[0].deployments[0].upgrade'],
  ],
  [
    'agents without a network of theirs',
    with_([/ {2}agents:\n.*\n.*\n.*\n/, '']),
    ['foundry.accounts[0].agents'],
  ],
  ['agents without a project', with_(['      project: main\n', '']), ['foundry.accounts[0].project']],
  [
    'agents in another region',
    with_(['      location: eastus\n', '      location: westus3\n']),
    ['foundry.accounts[0].location'],
  ],
  [
    'agents in two accounts',
    with_(['location: eastus2', 'location: eastus\n      project: p2\n      agents: true']),
    ['foundry.accounts[1].agents'],
  ],
  ['agents without storage', data('{ search: contoso-search, cosmos: contoso-cosmos }'), ['data.storage']],
  ['agents without search and Cosmos DB', data('{ storage: contosoaidata }'), ['data.search', 'data.cosmos']],
  ['storage with a hyphen', data('{ storage: contoso-data, search: s1s, cosmos: ccc }'), ['data.storage']],
  [
    'search with a double hyphen',
    data('{ storage: contosodata, search: s--1, cosmos: ccc }'),
    ['data.search'],
  ],
  ['Cosmos DB in capitals', data('{ storage: contosodata, search: s1s, cosmos: CCC }'), ['data.cosmos']],
  [
    'a key vault that ends in a hyphen',
    data('{ storage: contosodata, search: s1s, cosmos: ccc, keyVault: kv- }'),
    ['data.keyVault'],
  ],
  [
    'an existing store without its name',
    data('{ storage: { existing: true }, search: s1s, cosmos: ccc }'),
    ['data.storage.name'],
  ],
  [
    'a store that is not existing',
    data('{ storage: { existing: false, name: abc }, search: s1s, cosmos: ccc }'),
    ['data.storage.existing'],
  ],
  ['a service nobody keeps', data('{ storage: abc, search: s1s, cosmos: ccc, redis: r }'), ['data.redis']],
]

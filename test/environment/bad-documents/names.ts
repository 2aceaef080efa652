import { type BadDocument, changed } from './document.ts'

/** Names one character beyond what Azure takes, at either end; those at the limit are in parse.test.ts. */

const with_ = (...replacements: [from: string | RegExp, to: string][]) => changed('small', ...replacements)
const whole = (...replacements: [from: string | RegExp, to: string][]) => changed('contoso', ...replacements)
const long = (length: number) => 'a'.repeat(length)
const account = 'foundry.accounts[1]'

export const names: BadDocument[] = [
  ['an environment of one letter', with_(['name: contoso\n', 'name: c\n']), ['name']],
  ['an environment of 25 letters', with_(['name: contoso\n', `name: ${long(25)}\n`]), ['name']],
  ['an environment that begins with a digit', with_(['name: contoso\n', 'name: 1contoso\n']), ['name']],
  ['an environment that ends in a hyphen', with_(['name: contoso\n', 'name: contoso-\n']), ['name']],
  ['an environment in a path', with_(['name: contoso\n', 'name: ../contoso\n']), ['name']],
  ['a resource group of 91 letters', with_(['rg-contoso-ai', long(91)]), ['resourceGroup']],
  ['a resource group that ends in a full stop', with_(['rg-contoso-ai', 'rg.']), ['resourceGroup']],
  ['a resource group elsewhere', with_(['rg-contoso-ai', '../rg']), ['resourceGroup']],
  ['a virtual network of one letter', with_(['vnet-contoso-ai', 'v']), ['network.vnet.existing']],
  ['a virtual network of 65 letters', with_(['vnet-contoso-ai', long(65)]), ['network.vnet.existing']],
  ['a subnet of 81 letters', with_(['snet-agents-ops', long(81)]), ['network.agents.ops.existing']],
  ['a gateway of 51 letters', with_(['name: contoso-apim', `name: ${long(51)}`]), ['gateway.apim.name']],
  ['a gateway that begins with a digit', with_(['name: contoso-apim', 'name: 1apim']), ['gateway.apim.name']],
  ['a gateway that ends in a hyphen', with_(['name: contoso-apim', 'name: apim-']), ['gateway.apim.name']],
  [
    'a publisher of 101 letters',
    with_(['name: Contoso,', `name: ${long(101)},`]),
    ['gateway.apim.publisher.name'],
  ],
  ['a publisher without a name', with_(['name: Contoso,', 'name: "",']), ['gateway.apim.publisher.name']],
  ['a tag name of 513 letters', with_(['owner: platform', `${long(513)}: x`]), [`tags.${long(513)}`]],
  ['a tag value of 257 letters', with_(['owner: platform', `owner: ${long(257)}`]), ['tags.owner']],
  ['a tag without a name', with_(['owner: platform', '"": x']), ['tags.']],
  [
    'an account of one letter',
    whole(['name: contoso-eus2\n', 'name: c\n'], ['account: contoso-eus2', 'account: c']),
    [`${account}.name`, 'gateway.pools[0].members[1].account'],
  ],
  ['a project of one letter', whole(['project: main', 'project: m']), ['foundry.accounts[0].project']],
  [
    'a project that begins with a hyphen',
    whole(['project: main', 'project: -main']),
    ['foundry.accounts[0].project'],
  ],
  ['storage of two letters', whole(['contosoaidata', 'ab']), ['data.storage']],
  ['storage of 25 letters', whole(['contosoaidata', long(25)]), ['data.storage']],
  ['search of 61 letters', whole(['contoso-search', long(61)]), ['data.search']],
  ['Cosmos DB of 45 letters', whole(['contoso-cosmos', long(45)]), ['data.cosmos']],
  ['a key vault of 25 letters', whole(['contoso-kv', long(25)]), ['data.keyVault']],
  ['a key vault that begins with a digit', whole(['contoso-kv', '1kv']), ['data.keyVault']],
  ['a pool of one letter', whole(['name: gpt-4o', 'name: g']), ['gateway.pools[0].name']],
  ['a pool of 61 letters', whole(['name: gpt-4o', `name: ${long(61)}`]), ['gateway.pools[0].name']],
  ['a pool in capitals', whole(['name: gpt-4o', 'name: GPT-4o']), ['gateway.pools[0].name']],
  ['a path of 200 letters', whole(['path: openai,', `path: ${long(200)},`]), ['gateway.api.path']],
  ['a path with two slashes', whole(['path: openai,', 'path: open//ai,']), ['gateway.api.path']],
  ['a path upwards', whole(['path: openai,', 'path: ../openai,']), ['gateway.api.path']],
  [
    'a principal of 35 digits',
    whole([/principal: [\w-]+/, 'principal: 6f1d2c3b-0a49-4e58-8c67-9d8e7f60514']),
    ['access[0].principal'],
  ],
  [
    'several names at once',
    with_(
      ['rg-contoso-ai', 'rg.'],
      ['vnet-contoso-ai', 'v'],
      ['name: contoso-apim', 'name: 1apim'],
      ['eastus', 'East US'],
    ),
    ['resourceGroup', 'network.vnet.existing', 'gateway.apim.name', 'location'],
  ],
]

import { type BadDocument, changed, example } from './document.ts'

/** Values of another type than is due: lists for groups, text for numbers, numbers nobody can count to. */

const with_ = (from: string | RegExp, to: string) => changed('small', [from, to])
const units = (value: string) => with_('sku: Developer', `sku: Premium\n    units: ${value}`)
const whole = (field: string, value: string) =>
  with_(new RegExp(`^${field}:.*\\n(?: .*\\n)*`, 'm'), `${field}: ${value}\n`)
const and = (more: string) => `${example('small')}${more}\n`

export const shapes: BadDocument[] = [
  ['a number for a name', with_('name: contoso\n', 'name: 42\n'), ['name']],
  ['a list for a name', with_('name: contoso\n', 'name: [contoso]\n'), ['name']],
  ['true for a location', with_('location: eastus', 'location: true'), ['location']],
  ['a date for a location', with_('location: eastus', 'location: 2024-11-20'), ['location']],
  ['no, which is text', with_('location: eastus', 'location: no'), ['location']],
  ['nothing for a location', with_('location: eastus', 'location:'), ['location']],
  ['a list for tags', whole('tags', '[owner, platform]'), ['tags']],
  ['a list for a tag', whole('tags', '{ owner: [platform] }'), ['tags.owner']],
  ['null for a tag', whole('tags', '{ owner: null }'), ['tags.owner']],
  ['text for a network', whole('network', 'wide'), ['network']],
  ['nothing for a network', whole('network', ''), ['network']],
  ['a list for a network', whole('network', '[]'), ['network']],
  [
    'a list for a virtual network',
    with_('{ existing: vnet-contoso-ai }', '[vnet-contoso-ai]'),
    ['network.vnet'],
  ],
  ['true for a virtual network', with_('{ existing: vnet-contoso-ai }', 'true'), ['network.vnet']],
  ['a list of ranges', with_('192.168.1.0/27', '[192.168.1.0/27]'), ['network.subnets.apim']],
  ['a range as a number', with_('192.168.1.0/27', '192.168'), ['network.subnets.apim']],
  ['text for agents', with_(/ {2}agents:\n.*\n.*\n.*\n/, '  agents: yes\n'), ['network.agents']],
  ['a list for zones', with_('  agents:', '  dns: [existing]\n  agents:'), ['network.dns']],
  ['a list for a gateway', whole('gateway', '[]'), ['gateway']],
  ['text for a publisher', with_(/publisher: \{.*\}/, 'publisher: Contoso'), ['gateway.apim.publisher']],
  ['units that are no number', units('.nan'), ['gateway.apim.units']],
  ['units without end', units('.inf'), ['gateway.apim.units', 'network.subnets.apim']],
  ['units beyond all numbers', units('1e309'), ['gateway.apim.units', 'network.subnets.apim']],
  [
    'units nobody can count',
    units('99999999999999999999'),
    ['gateway.apim.units', 'gateway.apim.units', 'network.subnets.apim'],
  ],
  [
    'one unit too many for Azure',
    units('32').replace('192.168.1.0/27', '192.168.1.0/26'),
    ['gateway.apim.units', 'network.subnets.apim'],
  ],
  ['half a unit', units('1.5'), ['gateway.apim.units']],
  ['less than no unit', units('-1'), ['gateway.apim.units']],
  ['no unit', units('0'), ['gateway.apim.units']],
  ['units as text', units('"2"'), ['gateway.apim.units']],
  ['null for pools', and('  pools: null'), ['gateway.pools']],
  ['a group for pools', and('  pools: { gpt-4o: {} }'), ['gateway.pools']],
  [
    'pools of anything',
    and('  pools: [a, 7, null, []]'),
    ['gateway.pools[0]', 'gateway.pools[1]', 'gateway.pools[2]', 'gateway.pools[3]'],
  ],
  [
    'a pool of nothing',
    and('  pools: [{}]'),
    ['gateway.pools[0].name', 'gateway.pools[0].deployment', 'gateway.pools[0].members'],
  ],
  ['text for an API', and('  api: openai'), ['gateway.api']],
  ['a list for Foundry', and('foundry: []'), ['foundry']],
  ['a group for accounts', and('foundry: { accounts: { contoso-eus: {} } }'), ['foundry.accounts']],
  [
    'accounts of anything',
    and('foundry: { accounts: [contoso-eus, 7] }'),
    ['foundry.accounts[0]', 'foundry.accounts[1]'],
  ],
  ['text for data', and('data: contosoaidata'), ['data']],
  ['null for storage', and('data: { storage: null }'), ['data.storage']],
  ['a list for storage', and('data: { storage: [contosoaidata] }'), ['data.storage']],
  ['a group for access', and('access: {}'), ['access']],
  ['text for probes', and('probes: often'), ['probes']],
  ['text for repair', and('repair: always'), ['repair']],
  ['text for classes of repair', and('repair: { auto: safe }'), ['repair.auto']],
  ['a number for a field’s name', and('1: x'), ['1']],
  ['nothing for a field’s name', and('? \n: x'), ['']],
]

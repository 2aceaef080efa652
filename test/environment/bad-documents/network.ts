import { type BadDocument, changed } from './document.ts'

/** What can be wrong with the small document: its network, its gateway, its text. */

const with_ = (from: string | RegExp, to: string) => changed('small', [from, to])

export const network: BadDocument[] = [
  ['an unknown field', with_('location: eastus', 'location: eastus\nlocaton: eastus'), ['locaton']],
  [
    'an unknown field deep down',
    with_('sku: Developer', 'sku: Developer\n    colour: red'),
    ['gateway.apim.colour'],
  ],
  ['a missing field', with_(/^location: .*\n/m, ''), ['location']],
  ['a location in its long form', with_('location: eastus', 'location: East US'), ['location']],
  ['an environment name with capitals', with_('name: contoso\n', 'name: Contoso\n'), ['name']],
  ['another name than the call is for', with_('name: contoso\n', 'name: fabrikam\n'), ['name']],
  ['a tier that cannot be injected', with_('sku: Developer', 'sku: StandardV2'), ['gateway.apim.sku']],
  ['a name API Management refuses', with_('name: contoso-apim', 'name: contoso_apim'), ['gateway.apim.name']],
  ['a number where text is due', with_('owner: platform', 'owner: 7'), ['tags.owner']],
  ['a tag name Azure refuses', with_('owner: platform', '"a/b": x'), ['tags.a/b']],
  ['no e-mail address', with_('ops@contoso.example', 'nobody'), ['gateway.apim.publisher.email']],
  ['a range that begins in its middle', with_('192.168.1.0/27', '192.168.1.3/27'), ['network.subnets.apim']],
  ['no range at all', with_('192.168.1.0/27', 'wide'), ['network.subnets.apim']],
  ['octets beyond 255', with_('192.168.1.0/27', '192.168.256.0/27'), ['network.subnets.apim']],
  [
    'a subnet too small for API Management',
    with_('192.168.1.0/27', '192.168.1.0/30'),
    ['network.subnets.apim'],
  ],
  [
    'too small for private endpoints',
    with_('192.168.2.0/26', '192.168.2.0/29'),
    ['network.subnets.privateEndpoints'],
  ],
  ['overlapping subnets', with_('192.168.2.0/26', '192.168.1.0/26'), ['network.subnets.privateEndpoints']],
  [
    'agents outside their block',
    with_('subnet: 192.168.4.0/24', 'subnet: 192.168.8.0/24'),
    ['network.agents.subnet'],
  ],
  ['agents too small', with_('subnet: 192.168.4.0/24', 'subnet: 192.168.4.0/28'), ['network.agents.subnet']],
  [
    'a block over another subnet',
    with_('block: 192.168.4.0/23', 'block: 192.168.0.0/16'),
    ['network.agents.block', 'network.agents.block'],
  ],
  ['two units of Developer', with_('sku: Developer', 'sku: Developer\n    units: 2'), ['gateway.apim.units']],
  [
    'more units than the subnet holds',
    with_('sku: Developer', 'sku: Premium\n    units: 2').replace('192.168.1.0/27', '192.168.1.0/29'),
    ['network.subnets.apim'],
  ],
  [
    'a network both existing and new',
    with_('{ existing: vnet-contoso-ai }', '{ existing: v1, addressSpace: 192.168.0.0/16 }'),
    ['network.vnet.addressSpace'],
  ],
  [
    'subnets outside the new network',
    with_('{ existing: vnet-contoso-ai }', '{ name: vnet-new, addressSpace: 10.0.0.0/16 }'),
    ['network.subnets.apim', 'network.subnets.privateEndpoints', 'network.agents.block'],
  ],
  ['a key twice', with_('location: eastus', 'location: eastus\nlocation: westus'), ['']],
  ['broken YAML', 'name: [', ['']],
  ['nothing', '', ['']],
  ['a list', '- name: contoso', ['']],
  [
    'aliases that multiply',
    `a: &a [x,x]\nb: &b [${Array(30).fill('*a').join(',')}]\nc: [${Array(30).fill('*b').join(',')}]`,
    [''],
  ],
]

import { type BadDocument, changed } from './document.ts'

/** Ranges: spelt as others spell them, too wide, too narrow, in each other's way. */

const with_ = (...replacements: [from: string | RegExp, to: string][]) => changed('small', ...replacements)
const apim = (range: string) => with_(['192.168.1.0/27', range])
const endpoints = (range: string) => with_(['192.168.2.0/26', range])
const at = 'network.subnets.apim'

export const ranges: BadDocument[] = [
  ['leading zeros, which some read as octal', apim('192.168.010.0/27'), [at]],
  ['zeros that change nothing', apim('192.168.001.0/27'), [at]],
  ['a zero before the prefix', apim('192.168.1.0/027'), [at]],
  ['octal octets', apim('0300.0250.1.0/27'), [at]],
  ['hexadecimal octets', apim('0xc0.168.1.0/27'), [at]],
  ['an address as one number', apim('3232235776/27'), [at]],
  ['three octets', apim('192.168.1/27'), [at]],
  ['five octets', apim('192.168.1.0.0/27'), [at]],
  ['an IPv6 range', apim('"fd00::/64"'), [at]],
  ['an IPv4 range in IPv6', apim('"::ffff:192.168.1.0/123"'), [at]],
  ['a negative prefix', apim('192.168.1.0/-1'), [at]],
  ['a prefix of 33', apim('192.168.1.0/33'), [at]],
  ['a prefix of 99', apim('192.168.1.0/99'), [at]],
  ['a mask for a prefix', apim('192.168.1.0/255.255.255.224'), [at]],
  ['no prefix', apim('192.168.1.0'), [at]],
  ['a space at the end', apim('"192.168.1.0/27 "'), [at]],
  ['everything', apim('0.0.0.0/0'), ['network.subnets.privateEndpoints', 'network.agents.block']],
  ['the last address in the middle', apim('192.168.1.31/27'), [at]],
  ['endpoints on the gateway', endpoints('192.168.1.0/27'), ['network.subnets.privateEndpoints']],
  ['endpoints around the gateway', endpoints('192.168.0.0/22'), ['network.subnets.privateEndpoints']],
  ['endpoints inside the agents’ block', endpoints('192.168.5.64/26'), ['network.agents.block']],
  ['a gateway for 14 units in a /27', with_(['sku: Developer', 'sku: Premium\n    units: 14']), [at]],
  [
    'a gateway for 6 units in a /28',
    with_(['sku: Developer', 'sku: Premium\n    units: 6'], ['192.168.1.0/27', '192.168.1.0/28']),
    [at],
  ],
  [
    'agents on half of their block and more',
    with_(['    subnet: 192.168.4.0/24', '    subnet: 192.168.4.0/22']),
    ['network.agents.subnet'],
  ],
  [
    'agents beside Foundry’s own network',
    with_(
      ['block: 192.168.4.0/23', 'block: 172.30.0.0/16'],
      ['    subnet: 192.168.4.0/24', '    subnet: 172.30.4.0/24'],
    ),
    ['network.agents.subnet'],
  ],
  [
    'a new network that is too narrow for all',
    with_(['{ existing: vnet-contoso-ai }', '{ name: vnet-new, addressSpace: 192.168.2.0/24 }']),
    [at, 'network.agents.block'],
  ],
  [
    'every range wrong in its own way',
    with_(
      ['192.168.1.0/27', '192.168.1.3/27'],
      ['192.168.2.0/26', 'wide'],
      ['block: 192.168.4.0/23', 'block: 192.168.4.0/33'],
      ['    subnet: 192.168.4.0/24', '    subnet: 192.168.4.0/28'],
    ),
    [at, 'network.subnets.privateEndpoints', 'network.agents.block', 'network.agents.subnet'],
  ],
]

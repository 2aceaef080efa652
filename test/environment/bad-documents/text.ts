import { type BadDocument, changed, example } from './document.ts'

/** What can be wrong with the text before anybody asks what it means: syntax, bombs, look-alikes, keys that mean something to JavaScript. */

const with_ = (from: string | RegExp, to: string) => changed('small', [from, to])
const location = (to: string) => with_('location: eastus', to)
const levels = 'abcdefgh'
const laughs = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...[...levels.slice(1)].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${levels[index]}`)}]`),
].join('\n')
/** What is missing from a document that has a name and nothing else. */
const missing = ['location', 'resourceGroup', 'network', 'gateway']

export const text: BadDocument[] = [
  ['a billion laughs', laughs, ['']],
  ['an alias of nothing', location('location: *nowhere'), ['']],
  ['a name that is itself', 'name: &a [*a]', ['name', ...missing]],
  ['a merge key, which YAML 1.2 has not', location('location: eastus\ntags: { <<: { owner: x } }'), ['']],
  ['a key twice deep down', with_('sku: Developer', 'sku: Developer\n    sku: Premium'), ['']],
  ['a key twice in JSON', '{"name":"contoso","name":"contoso"}', ['']],
  ['a tab for indentation', with_('  vnet:', '\tvnet:'), ['', '', '']],
  ['two documents in one', `${example('small')}\n---\n${example('small')}`, ['']],
  ['JSON with trailing text', '{"name":"contoso"} and more', ['']],
  ['JSON with a brace too many', '{"name":"contoso"}}', ['']],
  ['JSON that ends too soon', '{"name":"contoso"', ['']],
  ['a quote that never ends', location('location: "eastus'), ['']],
  ['a tag of another language', location('location: !!js/function "eastus"'), ['']],
  ['a tag of nobody', location('location: !place eastus'), ['']],
  ['bytes for text', location('location: !!binary aGVsbG8='), ['location']],
  ['a megabyte of comment', `${example('small')}#${'x'.repeat(1_000_000)}`, ['']],
  ['a megabyte of one value', location(`location: ${'e'.repeat(1_000_000)}`), ['']],
  ['ten thousand brackets', `name: ${'['.repeat(5000)}${']'.repeat(5000)}`, ['']],
  ['five hundred groups in each other', location(`location: ${'{a: '.repeat(500)}1${'}'.repeat(500)}`), ['']],
  ['a word', 'contoso', ['']],
  ['a number', '42', ['']],
  ['null', 'null', ['']],
  ['a comment and nothing else', '# name: contoso', ['']],
  ['XML', '<environment name="contoso"/>', ['']],
  ['an empty group', '{}', ['name', ...missing]],
  ['__proto__ at the top', location('location: eastus\n__proto__: { polluted: true }'), ['__proto__']],
  ['__proto__ in JSON', '{"__proto__":{"polluted":true},"name":"contoso"}', ['__proto__', ...missing]],
  [
    '__proto__ deep down',
    with_('sku: Developer', 'sku: Developer\n    __proto__: { units: 1 }'),
    ['gateway.apim.__proto__'],
  ],
  ['__proto__ as a tag', with_('owner: platform', '__proto__: polluted'), ['tags.__proto__']],
  [
    '__proto__ as a zone',
    with_('  agents:', '  dns: { __proto__: existing }\n  agents:'),
    ['network.dns.__proto__', 'network.dns.__proto__'],
  ],
  [
    'constructor at the top',
    location('location: eastus\nconstructor: { prototype: { polluted: true } }'),
    ['constructor'],
  ],
  [
    'constructor as a zone',
    with_('  agents:', '  dns: { constructor: existing }\n  agents:'),
    ['network.dns.constructor', 'network.dns.constructor'],
  ],
  ['a Cyrillic letter in a key', location('loc\u0430tion: eastus'), ['location', 'loc\u0430tion']],
  ['a Cyrillic letter in a name', with_('name: contoso\n', 'name: cont\u043eso\n'), ['name']],
  ['a space of no width', location('location: "eastus\u200b"'), ['location']],
  ['a word written from right to left', location('location: "\u202eeastus"'), ['location']],
  ['a character of zero', location('location: "east\\0us"'), ['location']],
  ['a line break at the end', location('location: "eastus\\n"'), ['location']],
  [
    'digits of full width',
    with_('192.168.1.0/27', '\uff11\uff19\uff12.168.1.0/27'),
    ['network.subnets.apim'],
  ],
  [
    'an e-mail address in two lines',
    with_('ops@contoso.example', '"ops@contoso.example\\n.org"'),
    ['gateway.apim.publisher.email'],
  ],
]

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { difference, merged } from '../../src/reconcile/difference.ts'
import type { Json, JsonObject } from '../../src/resources/kind.ts'

const plain = { lists: {}, neverSent: [] }
const rules = { lists: { 'properties.rules': 'name' }, neverSent: ['properties.readOnly'] }

const cases: { name: string; why: string; wanted: JsonObject; live: JsonObject; paths: string[] }[] = [
  {
    name: 'server defaults are not drift',
    why: 'Azure adds what nobody asked for',
    wanted: { properties: { a: 1 } },
    live: { id: '/x', etag: 'W/"1"', properties: { a: 1, provisioningState: 'Succeeded', guid: 'x' } },
    paths: [],
  },
  {
    name: 'ids are equal whatever their case',
    why: 'Azure gives them back in the case it likes',
    wanted: { properties: { subnet: { id: '/subscriptions/S/resourceGroups/rg/x' } } },
    live: { properties: { subnet: { id: '/subscriptions/s/resourcegroups/RG/x' } } },
    paths: [],
  },
  {
    name: 'a location in its long form is the same place',
    why: 'API Management answers East US',
    wanted: { location: 'eastus' },
    live: { location: 'East US' },
    paths: [],
  },
  {
    name: 'the order of a plain list says nothing',
    why: 'address prefixes are a set',
    wanted: { prefixes: ['a', 'b'] },
    live: { prefixes: ['b', 'a'] },
    paths: [],
  },
  {
    name: 'one entry too many in a plain list is drift',
    why: 'a second address in a record set sends clients elsewhere',
    wanted: { records: [{ ip: '1' }] },
    live: { records: [{ ip: '1' }, { ip: '2' }] },
    paths: ['records'],
  },
  {
    name: 'a value that differs is named by its path',
    why: 'the plan shows it',
    wanted: { properties: { sku: { name: 'Premium' } } },
    live: { properties: { sku: { name: 'Developer' } } },
    paths: ['properties.sku.name'],
  },
  {
    name: 'a missing object is drift only if something in it is wanted',
    why: 'a rule emptied of its plural form comes back without it',
    wanted: { properties: { plural: null, nested: { gone: null } } },
    live: { properties: {} },
    paths: [],
  },
  {
    name: 'what must be absent and is there is drift',
    why: 'a route table on one of two subnets that must be equal',
    wanted: { routeTable: null },
    live: { routeTable: { id: '/x' } },
    paths: ['routeTable'],
  },
  {
    name: 'an empty list is wanted, and nothing is there',
    why: 'Azure leaves empty lists out as often as it shows them',
    wanted: { policies: [] },
    live: {},
    paths: [],
  },
  {
    name: 'an empty list is wanted, and something is there',
    why: 'an access policy that somebody added',
    wanted: { policies: [] },
    live: { policies: [1] },
    paths: ['policies'],
  },
  {
    name: 'an empty list is absent enough',
    why: 'Azure shows empty lists for what was never set',
    wanted: { prefixes: null },
    live: { prefixes: [] },
    paths: [],
  },
]
describe('difference', () => {
  test.each(cases)('$name', ({ wanted, live, paths, why }) => {
    expect(
      difference(plain, wanted, live).map(({ path }) => path),
      why,
    ).toEqual(paths)
  })

  test('items of an identified list are found by name, and other people’s are left alone', () => {
    const wanted = {
      properties: {
        rules: [
          { name: 'a', port: 1 },
          { name: 'b', port: 2 },
        ],
      },
    }
    const live = {
      properties: {
        rules: [
          { name: 'stranger', port: 9 },
          { name: 'B', port: 3 },
        ],
      },
    }
    expect(difference(rules, wanted, live)).toEqual([
      { path: 'properties.rules[a]', before: null, after: { name: 'a', port: 1 } },
      { path: 'properties.rules[b].port', before: 3, after: 2 },
    ])
  })
})

describe('fields that a kind knows more of', () => {
  const knowing = {
    lists: {},
    neverSent: [],
    canonical: {
      'properties.state': (value: string) => value.toLowerCase(),
      'items.place': (value: string) => value.replaceAll(' ', ''),
      'properties.text': (value: string) => {
        if (value.startsWith('<')) return value.trim()
        throw new Error('cannot read it')
      },
    },
    derived: {
      'properties.owned': (described: Json, live: Json | undefined): Json => live ?? described,
    },
  }
  const paths = (wanted: JsonObject, live: JsonObject) =>
    difference(knowing, wanted, live).map(({ path }) => path)

  test('are compared in their one spelling, within lists too', () => {
    expect(paths({ properties: { state: 'disabled' } }, { properties: { state: 'Disabled' } })).toEqual([])
    expect(paths({ items: [{ place: 'East US' }] }, { items: [{ place: 'EastUS', more: 1 }] })).toEqual([])
    expect(paths({ properties: { state: 'on' } }, { properties: { state: 'off' } })).toEqual([
      'properties.state',
    ])
  })
  test('are compared as they stand when they cannot be read', () => {
    expect(paths({ properties: { text: '<a>' } }, { properties: { text: 'broken' } })).toEqual([
      'properties.text',
    ])
    expect(paths({ properties: { text: 'broken' } }, { properties: { text: 'broken' } })).toEqual([])
  })
  test('belong to their second owner once they are there, in what is compared and in what is sent', () => {
    const wanted = { properties: { owned: 1, ours: 2 } }
    expect(paths(wanted, { properties: { owned: 7, ours: 2 } })).toEqual([])
    expect(merged(knowing, wanted, { properties: { owned: 7 } })).toEqual({
      properties: { owned: 7, ours: 2 },
    })
    expect(merged(knowing, wanted, undefined)).toEqual({ properties: { owned: 1, ours: 2 } })
  })
  test('are not made up where nothing is described', () => {
    expect(merged(knowing, { properties: { ours: 2 } }, undefined)).toEqual({ properties: { ours: 2 } })
  })
})

describe('merged', () => {
  test('leaves a list alone that is as described, with what others wrote into its items', () => {
    const live = { rules: [{ a: 1, theirs: 'kept' }], other: 1 }
    expect(merged(plain, { rules: [{ a: 1 }], other: 2 }, live)).toEqual({ ...live, other: 2 })
  })

  test('keeps the fields and list items of others, and leaves out what must not travel', () => {
    const live = {
      id: '/x',
      etag: 'W/"1"',
      name: 'n',
      properties: {
        readOnly: [1],
        theirs: true,
        rules: [{ name: 'stranger' }, { name: 'a', port: 9, note: 'kept' }],
      },
    }
    const wanted = { location: 'eastus', properties: { rules: [{ name: 'a', port: 1 }] } }
    expect(merged(rules, wanted, live)).toEqual({
      location: 'eastus',
      properties: { theirs: true, rules: [{ name: 'a', port: 1, note: 'kept' }, { name: 'stranger' }] },
    })
    expect(live.properties.readOnly, 'the live body itself is not touched').toEqual([1])
  })

  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c', 'location'), tie('value')),
    ),
  })).value
  const body = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'properties'), json)

  test('after a merge there is nothing left to change, whatever the bodies', () => {
    fc.assert(
      fc.property(body, body, (wanted, live) => {
        const result = merged(plain, wanted as JsonObject, live as JsonObject)
        expect(difference(plain, wanted as JsonObject, result)).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })
})

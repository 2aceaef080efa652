import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/resources/kind.ts'
import { expanded, named } from '../environment/reference.ts'
import { changesOf, sent } from './described.ts'

const resources = expanded('two-regions')
const pool = named(resources, 'pool/gpt-4o')

interface Service {
  id: string
  priority?: number | null
  weight?: number | null
  [more: string]: unknown
}
const services = (body: JsonObject) =>
  (body['properties'] as unknown as { pool: { services: Service[] } }).pool.services
const withServices = (change: (service: Service) => Service, more: Service[] = []) => {
  const body = structuredClone(sent(pool))
  const own = (body['properties'] as JsonObject)['pool'] as JsonObject
  own['services'] = [...services(body).map(change), ...more] as unknown as JsonObject[]
  return body
}
const weighing = (name: string, weight: number) => (service: Service) =>
  service.id.includes(name) ? { ...service, weight } : service
const drift = ['properties.pool.services']

describe('a pool', () => {
  test('is born with shares by capacity, and tells Azure nothing of bounds', () => {
    expect(services(sent(pool)).map(({ priority, weight }) => [priority, weight])).toEqual([
      [1, 100],
      [2, 67],
      [2, 100],
    ])
    expect(JSON.stringify(sent(pool))).not.toContain('bounds')
  })
  test('whose shares moved within their bounds is as described', () => {
    expect(changesOf(pool, withServices(weighing('contoso-eus--', 15)))).toEqual([])
  })
  test('keeps moved shares when something else of it is put back', () => {
    const there = withServices(weighing('contoso-eus--', 15))
    const properties = { ...(there['properties'] as JsonObject), description: 'theirs' }
    const written = sent(pool, { ...there, properties })
    expect(services(written).map(({ weight }) => weight)).toEqual([100, 15, 100])
  })
  test('whose shares left their bounds is drift, and gets its born shares', () => {
    const there = withServices(weighing('contoso-eus--', 5))
    expect(changesOf(pool, there)).toEqual(drift)
    expect(services(sent(pool, there)).map(({ weight }) => weight)).toEqual([100, 67, 100])
  })
  test('is the same on another scale', () => {
    expect(
      changesOf(
        pool,
        withServices((service) => ({ ...service, weight: service.priority === 1 ? 7 : 9 })),
      ),
    ).toEqual([])
  })
  test('with a stranger in it, or with a member gone or moved, is drift', () => {
    const stranger = { id: `${pool.id}-theirs`, priority: 2, weight: 1 }
    expect(
      changesOf(
        pool,
        withServices((it) => it, [stranger]),
      ),
    ).toEqual(drift)
    expect(
      changesOf(
        pool,
        withServices((it) => ({ ...it, priority: 1 })),
      ),
    ).toEqual(drift)
    const short = withServices((it) => it)
    services(short).pop()
    expect(changesOf(pool, short)).toEqual(drift)
  })
  test('gets back what it should be, once and for all', () => {
    const broken = [
      withServices(weighing('contoso-eus--', 1)),
      withServices((it) => ({ ...it, priority: 1 })),
      withServices((it) => it, [{ id: `${pool.id}-theirs`, priority: 9 }]),
    ]
    for (const there of broken) expect(changesOf(pool, sent(pool, there))).toEqual([])
  })
  test('keeps what strangers wrote on it and on its members', () => {
    const there = withServices((service) => ({
      ...service,
      weight: service.id.includes('contoso-eus--') ? 1 : 100,
      preferredCarbonEmission: 'Low',
    }))
    const own = (there['properties'] as JsonObject)['pool'] as JsonObject
    own['failureResponse'] = { statusCode: 429 }
    const written = sent(pool, there)
    expect(services(written).every((it) => it['preferredCarbonEmission'] === 'Low')).toBe(true)
    expect(written['properties']).toMatchObject({ pool: { failureResponse: { statusCode: 429 } } })
  })
})

test('a pool with affinity is not balanced: any other share is drift', () => {
  const sticky = named(resources, 'pool/gpt-4o-responses')
  const there = structuredClone(sent(sticky))
  const [, second] = services(there)
  if (second) second.weight = 50
  expect(changesOf(sticky, there)).toEqual(drift)
  expect(sent(sticky)['properties']).toMatchObject({
    pool: { sessionAffinity: { sessionId: { source: 'Cookie' } } },
  })
})

describe('the policy of an API', () => {
  const policy = named(resources, 'api-policy/models')
  const value = String((sent(policy)['properties'] as JsonObject)['value'])
  const shown = (text: string, format = 'xml') => ({ properties: { format, value: text } })
  test('is as described however Azure lays it out', () => {
    for (const text of [
      value,
      value.replaceAll('\n', '\r\n'),
      value.replaceAll(/>\s+</g, '><'),
      value.replaceAll('  ', '\t'),
      `<!-- edited -->${value}`,
    ])
      expect(changesOf(policy, shown(text))).toEqual([])
  })
  test('is as described in either format', () => {
    expect(changesOf(policy, shown(value, 'rawxml'))).toEqual([])
  })
  test('is drift when a word of it is another', () => {
    expect(changesOf(policy, shown(value.replace('count="2"', 'count="9"')))).toEqual(['properties.value'])
  })
  test('that nobody can read is drift, and not an accident', () => {
    expect(changesOf(policy, shown('<policies><inbound>'))).toEqual(['properties.value'])
  })
  test('names only pools and loggers it comes after', () => {
    const logging = expanded('contoso', [['logTo: none', 'logTo: eventHub']])
    expect(named(logging, 'api-policy/models').dependsOn).toEqual(
      expect.arrayContaining(['api/models', 'pool/gpt-4o', 'logger/attempts']),
    )
    expect(named(logging, 'logger/attempts').dependsOn).toContain(
      'role-assignment/contoso-apim/event-hubs-data-sender/attempts',
    )
  })
})

test('a backend keeps the identity a stranger gave it', () => {
  const backend = named(resources, 'backend/contoso-ptu--gpt-4o')
  const there = structuredClone(sent(backend))
  const properties = there['properties'] as JsonObject
  properties['credentials'] = { managedIdentity: { resource: 'https://x' } }
  properties['url'] = 'https://elsewhere'
  expect(sent(backend, there)['properties']).toMatchObject({
    url: 'https://contoso-ptu.openai.azure.com/openai',
    credentials: { managedIdentity: { resource: 'https://x' } },
  })
})

describe('the logger’s credentials', () => {
  const logger = named(expanded('contoso', [['logTo: none', 'logTo: eventHub']]), 'logger/attempts')
  const shown = (credentials: JsonObject): JsonObject => ({
    properties: { ...(sent(logger)['properties'] as JsonObject), credentials },
  })
  test('are written without a key', () => {
    expect(sent(logger)['properties']).toMatchObject({
      credentials: {
        name: 'attempts',
        endpointAddress: 'evh-ops.servicebus.windows.net',
        identityClientId: 'SystemAssigned',
      },
    })
  })
  test('that Azure has put away in a named value are no drift, and stay there', () => {
    const there = shown({
      name: 'attempts',
      endpointAddress: 'evh-ops.servicebus.windows.net',
      identityClientId: '{{8abb28b095194e2d9e1bc262}}',
    })
    expect(changesOf(logger, there)).toEqual([])
    expect(sent(logger, there)).toEqual(there)
  })
  test('that lead to another hub are drift', () => {
    const there = shown({ name: 'theirs', endpointAddress: 'evh-ops.servicebus.windows.net' })
    expect(changesOf(logger, there)).toEqual([
      'properties.credentials.identityClientId',
      'properties.credentials.name',
    ])
  })
})

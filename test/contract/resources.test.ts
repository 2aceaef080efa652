import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expand } from '../../src/environment/expand.ts'
import { merged } from '../../src/reconcile/difference.ts'
import type { Json, JsonObject, Resource } from '../../src/resources/kind.ts'
import { kindOf } from '../../src/resources/kinds.ts'
import { apply, observe, remove } from '../../src/resources/verbs.ts'
import { contosoDocument } from '../fixtures.ts'
import { type Opened, open } from './azure.ts'

/**
 * What every kind promises, held against the simulated Azure through the real SDK clients. The same suite is meant for a real subscription: it is how
 * the simulation is kept true.
 */
let lab: Opened
const live = new Map<string, JsonObject>()
const document = contosoDocument({
  network: { vnet: { name: 'vnet-own', addressSpace: '192.168.0.0/16' }, agents: undefined },
})
const resources = () =>
  expand(document, { subscriptionId: lab.settings.subscriptionId, gatewaySuffix: 'azure-api.net' })
const named = (key: string): Resource => resources().find((resource) => resource.key === key) as Resource
const bodyOf = (key: string) => live.get(key)

beforeAll(async () => {
  lab = await open({ temper: 'usual', world: 'empty' })
})
afterAll(() => lab.azure.close())

/** Observes until Azure has come to rest, letting virtual time pass. */
async function settled(resource: Resource) {
  for (let looks = 0; looks < 200; looks++) {
    const seen = await observe(lab.arm, resource, bodyOf)
    if (seen.observation.state !== 'settling' && !(looks < 5 && seen.observation.state === 'missing')) {
      if (seen.live) live.set(resource.key, seen.live)
      return seen.observation
    }
    await lab.post('/_lab/clock', { advanceSeconds: 60 })
  }
  throw new Error(`${resource.key} does not come to rest`)
}

let began = 0
const applied = (resource: Resource) => apply(lab.arm, resource, bodyOf, async () => ++began > 0)

/** One of each kind, in dependency order, each with what a stranger might change and add. */
const cases: [
  key: string,
  stranger: {
    changes: JsonObject
    adds?: (live: JsonObject) => JsonObject
    keeps?: (live: JsonObject) => Json | undefined
  },
][] = [
  [
    'virtual-network/vnet-own',
    {
      changes: { tags: { owner: 'x', theirs: 'kept' } },
      keeps: (body) => (body['tags'] as JsonObject)['theirs'],
    },
  ],
  [
    'security-group/nsg-apim',
    {
      changes: {},
      adds: (body) => {
        const properties = body['properties'] as { securityRules: { name: string; properties: JsonObject }[] }
        const [first, ...rest] = properties.securityRules
        const theirs = {
          name: 'theirs',
          properties: { ...first?.properties, priority: 4000, description: 'kept' },
        }
        const bent = rest.map((rule) =>
          rule.name === 'allow-sql' ? { ...rule, properties: { ...rule.properties, access: 'Deny' } } : rule,
        )
        return {
          ...body,
          properties: { ...properties, securityRules: [...bent, theirs] },
        } as unknown as JsonObject
      },
      keeps: (body) =>
        (
          body['properties'] as { securityRules: { name: string; properties: JsonObject }[] }
        ).securityRules.find(({ name }) => name === 'theirs')?.properties['description'],
    },
  ],
  [
    'subnet/snet-apim',
    {
      changes: {
        properties: { networkSecurityGroup: null, serviceEndpoints: [{ service: 'Microsoft.Storage' }] },
      },
      keeps: (body) =>
        ((body['properties'] as JsonObject)['serviceEndpoints'] as JsonObject[])[0]?.['service'],
    },
  ],
  [
    'public-ip/pip-contoso-apim',
    {
      changes: { tags: { owner: 'x', theirs: 'kept' } },
      keeps: (body) => (body['tags'] as JsonObject)['theirs'],
    },
  ],
  [
    'api-management/contoso-apim',
    {
      changes: {
        properties: { publisherName: 'Somebody', notificationSenderEmail: 'theirs@contoso.example' },
      },
      keeps: (body) => (body['properties'] as JsonObject)['notificationSenderEmail'],
    },
  ],
  [
    'dns-zone/contoso-apim.azure-api.net',
    {
      changes: { tags: { owner: 'x', theirs: 'kept' } },
      keeps: (body) => (body['tags'] as JsonObject)['theirs'],
    },
  ],
  [
    'dns-link/contoso-apim.azure-api.net',
    {
      changes: { tags: { owner: 'x', theirs: 'kept' } },
      keeps: (body) => (body['tags'] as JsonObject)['theirs'],
    },
  ],
  [
    'dns-record/contoso-apim.azure-api.net',
    {
      changes: { properties: { ttl: 5, metadata: { theirs: 'kept' } } },
      keeps: (body) => ((body['properties'] as JsonObject)['metadata'] as JsonObject)['theirs'],
    },
  ],
]

describe.each(cases)('%s', (key, stranger) => {
  test('is missing, is made by one PUT, and is then as described', async () => {
    expect(await settled(named(key))).toEqual({ state: 'missing' })
    expect(['done', 'accepted']).toContain((await applied(named(key))).is)
    expect(await settled(named(key))).toEqual({ state: 'ready' })
  })

  test('applying it again does nothing', async () => {
    const before = began
    expect(await applied(named(key))).toEqual({ is: 'done' })
    expect(began).toBe(before)
  })

  test('what a stranger changed is found and put back; what the stranger added stays', async () => {
    const kind = kindOf(named(key))
    const body = stranger.adds ? stranger.adds(live.get(key) ?? {}) : (live.get(key) ?? {})
    const bent = merged({ ...kind, lists: {} }, stranger.changes, body)
    expect((await lab.arm.write(kind, named(key).id, bent, undefined)).is).not.toBe('failed')
    const drifted = await settled(named(key))
    expect(drifted.state).toBe('drifted')
    expect(['done', 'accepted']).toContain((await applied(named(key))).is)
    expect(await settled(named(key))).toEqual({ state: 'ready' })
    const kept = stranger.keeps?.(live.get(key) ?? {})
    expect(kept).toBeDefined()
    expect(kept).not.toBeNull()
  })
})

test('two writers: the one who read before the other wrote is turned away, where the type has versions', async () => {
  const record = named('dns-record/contoso-apim.azure-api.net')
  const kind = kindOf(record)
  const read = await lab.arm.read(kind, record.id)
  if (read.is !== 'found') throw new Error('the record is not there')
  await lab.arm.write(kind, record.id, merged(kind, { properties: { ttl: 7 } }, read.body), undefined)
  const late = await lab.arm.write(kind, record.id, read.body, { ifMatch: read.etag ?? '' })
  expect(late).toMatchObject({ is: 'failed', failure: { status: 412 } })
})

test('each is removed in reverse order, and removing it again is no error', async () => {
  for (const [key] of cases.toReversed()) {
    const removed = await remove(lab.arm, named(key), async () => true)
    expect(['done', 'accepted'], `${key}: ${JSON.stringify(removed)}`).toContain(removed.is)
    await settledGone(named(key))
    expect((await remove(lab.arm, named(key), async () => true)).is).toBe('done')
  }
}, 60_000)

async function settledGone(resource: Resource) {
  for (let looks = 0; looks < 100; looks++) {
    if ((await observe(lab.arm, resource, bodyOf)).observation.state === 'missing') return
    await lab.post('/_lab/clock', { advanceSeconds: 60 })
  }
  throw new Error(`${resource.key} does not go away`)
}

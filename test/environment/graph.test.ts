import { describe, expect, test } from 'vitest'
import { referred } from '../../src/reconcile/resolve.ts'
import { isRef, type Resource, type Wanted } from '../../src/resources/kind.ts'
import { kinds } from '../../src/resources/kinds.ts'
import { everything, expanded, named } from './reference.ts'

const reference = expanded('contoso')

describe.each(['small', 'contoso', 'two-regions'] as const)('the graph of %s', (example) => {
  const resources = expanded(example)

  test('has keys and ids once each, and each resource after what it depends on', () => {
    const seen = new Set<string>()
    for (const { key, dependsOn } of resources) {
      for (const needed of dependsOn) expect(seen, `${key} needs ${needed}`).toContain(needed)
      expect(seen, key).not.toContain(key)
      seen.add(key)
    }
    expect(new Set(resources.map(({ id }) => id.toLowerCase())).size).toBe(resources.length)
  })

  test('depends on everything its bodies refer to', () => {
    for (const { key, body, dependsOn } of resources)
      for (const target of referred(body)) expect(dependsOn, `${key} refers to ${target}`).toContain(target)
  })

  test('depends on everything whose id its bodies carry', () => {
    const byId = new Map(resources.map(({ id, key }) => [id.toLowerCase(), key]))
    const texts = (value: Wanted): string[] =>
      typeof value === 'string'
        ? [value]
        : typeof value === 'object' && value !== null && !isRef(value)
          ? Object.values(value).flatMap((inner: Wanted) => texts(inner))
          : []
    for (const { key, body, dependsOn } of resources)
      for (const text of texts(body)) {
        const target = byId.get(text.toLowerCase())
        if (target) expect(dependsOn, `${key} names the id of ${target}`).toContain(target)
      }
  })

  test('has children after their parents', () => {
    const byId = new Map(resources.map((resource) => [resource.id, resource]))
    const reaches = (from: Resource, key: string): boolean =>
      from.dependsOn.some((needed) => needed === key || reaches(named(resources, needed), key))
    for (const resource of resources) {
      const parent = byId.get(resource.id.split('/').slice(0, -2).join('/'))
      if (parent) expect(reaches(resource, parent.key), `${resource.key} under ${parent.key}`).toBe(true)
    }
  })

  test('is of known kinds only', () => {
    for (const { kind } of resources) expect(Object.keys(kinds)).toContain(kind)
  })
})

test('the graph of the reference document reads as docs say', async () => {
  const operations = Map.groupBy(
    reference.filter(({ kind }) => kind === 'api-operation'),
    ({ dependsOn }) => dependsOn.join(),
  )
  const counts = [...operations].map(([api, { length }]) => `api-operation: ${length} on ${api}`)
  const lines = reference
    .filter(({ kind }) => kind !== 'api-operation')
    .map(({ key, existing, dependsOn }) =>
      [`${key}${existing ? ' (existing)' : ''}`, ...dependsOn.map((needed) => `    ${needed}`)].join('\n'),
    )
  await expect(`${[...lines, ...counts].join('\n')}\n`).toMatchFileSnapshot('reference-graph.txt')
})

test('what an installation lacks is not made, and the rest is', () => {
  const { subscriptionId, gatewaySuffix } = everything
  const plain = expanded('contoso', [], { subscriptionId, gatewaySuffix })
  const plainKinds = new Set(plain.map(({ kind }) => kind))
  for (const kind of ['metric-alert', 'diagnostic-setting', 'logger', 'gateway-diagnostic'])
    expect(plainKinds).not.toContain(kind)
  expect(plain.map(({ key }) => key)).not.toContain('api/probe')
  // The tenant is then read from the gateway's identity.
  expect(named(plain, 'key-vault/contoso-kv').dependsOn).toContain('api-management/contoso-apim')
})

test('a document without models makes no API, no role and no alert', () => {
  const made = new Set(expanded('small').map(({ kind }) => kind))
  for (const kind of ['api', 'named-value', 'role-assignment', 'metric-alert', 'private-endpoint'])
    expect(made).not.toContain(kind)
})

test('an account is at rest before its endpoint is made: after its deployments and its project', () => {
  expect(named(reference, 'private-endpoint/pe-contoso-eus-account').dependsOn).toEqual(
    expect.arrayContaining(['model-deployment/contoso-eus/gpt-4o', 'project/contoso-eus/main']),
  )
})

test('agents start when the account’s own host, the roles, the connections and the endpoints are there', () => {
  const { dependsOn } = named(reference, 'project-capability-host/contoso-eus/main')
  expect(dependsOn).toEqual(
    expect.arrayContaining([
      'account-capability-host/contoso-eus',
      'connection/contoso-eus/main/storage',
      'role-assignment/contoso-eus/main/cosmos-operator/contoso-cosmos',
      'dns-zone-group/pe-contoso-search-searchservice',
    ]),
  )
  for (const after of [
    'role-assignment/contoso-eus/main/blob-data-owner/contosoaidata',
    'cosmos-role-assignment/contoso-eus/main/enterprise_memory',
  ])
    expect(named(reference, after).dependsOn).toContain('project-capability-host/contoso-eus/main')
})

test('what is somebody else’s is looked at, and gets no endpoint of ours', () => {
  const theirs = expanded('contoso', [
    ['storage: contosoaidata', 'storage: { existing: true, name: contosoaidata }'],
  ])
  expect(named(theirs, 'storage/contosoaidata')).toMatchObject({ existing: true, body: {} })
  expect(theirs.map(({ key }) => key)).not.toContain('private-endpoint/pe-contosoaidata-blob')
  const account = expanded('contoso', [
    ['    - name: contoso-eus2', '    - existing: true\n      name: contoso-eus2'],
  ])
  for (const key of ['account/contoso-eus2', 'model-deployment/contoso-eus2/gpt-4o'])
    expect(named(account, key).existing).toBe(true)
  expect(account.map(({ key }) => key)).toContain('backend/contoso-eus2--gpt-4o')
})

test('a zone of somebody else is referred to where it is, and its owner links it', () => {
  const id =
    '/subscriptions/hub/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net'
  const hub = expanded('contoso', [
    [/core\.windows\.net: existing \}/, `core.windows.net: { existing: ${id} } }`],
  ])
  expect(named(hub, 'dns-zone/privatelink.blob.core.windows.net')).toMatchObject({ id, existing: true })
  expect(hub.map(({ key }) => key)).not.toContain('dns-link/privatelink.blob.core.windows.net')
})

test('government’s zones are the ones it has', () => {
  const made = expanded('contoso', [[/^ {2}dns: .*\n/m, '']], {
    ...everything,
    cloud: 'AzureUSGovernment',
    gatewaySuffix: 'azure-api.us',
  })
  expect(made.filter(({ kind }) => kind === 'dns-zone').map(({ key }) => key)).toContain(
    'dns-zone/privatelink.cognitiveservices.azure.us',
  )
  expect(named(made, 'backend/contoso-eus--gpt-4o').body['properties']).toMatchObject({
    url: 'https://contoso-eus.openai.azure.us/openai',
  })
})

test('everything that can carry tags carries the document’s', () => {
  const withoutTags = new Set(
    Object.keys(kinds).filter(
      (kind) =>
        /^(subnet|dns-record|dns-zone-group|.*role-assignment|connection|.*capability-host|backend|pool|api|api-.*|product.*|subscription|named-value|logger|gateway-diagnostic|diagnostic-setting)$/.test(
          kind,
        ) && kind !== 'api-management',
    ),
  )
  for (const { key, kind, existing, body } of reference)
    if (!existing && !withoutTags.has(kind)) expect(body['tags'], key).toEqual({ owner: 'platform' })
})

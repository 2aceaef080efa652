import type { ArmObject } from '../../lab/azure-client.ts'
import type { Stranger } from './ground.ts'

/** What strangers do to an environment: they add things of their own, and bend or remove ours. */
export interface Drift {
  words: string
  /** @param draw which of those that could be meant */
  act(world: ArmObject[], stranger: Stranger, draw: number): Promise<unknown>
}

type Fields = Record<string, unknown>

const home = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-contoso-ai'
const network = '2025-05-01'
const gateway = '2024-10-01-preview'
const foundry = '2025-09-01'

const at = (id: string, version: string) => `${id}?api-version=${version}`

/** One of the objects of a type whose id fits. */
const one = (world: ArmObject[], type: string, fits: RegExp, draw: number): ArmObject | undefined => {
  const fitting = world.filter((it) => it.type.toLowerCase() === type.toLowerCase() && fits.test(it.id))
  return fitting[draw % fitting.length]
}

/** Removes one of a type. */
const removes = (words: string, type: string, fits: RegExp, version: string): Drift => ({
  words,
  async act(world, stranger, draw) {
    const found = one(world, type, fits, draw)
    if (found) await stranger('DELETE', at(found.id, version))
  },
})

/** Writes one of a type back with other properties, if it has not got them yet. */
const bends = (
  words: string,
  type: string,
  fits: RegExp,
  version: string,
  change: (properties: Fields, draw: number) => Fields,
): Drift => ({
  words,
  async act(world, stranger, draw) {
    const found = one(world, type, fits, draw)
    if (!found) return
    const { etag: _etag, systemData: _systemData, ...body } = found
    const properties = { ...found.properties, ...change(found.properties ?? {}, draw) }
    await stranger('PUT', at(found.id, version), { ...body, properties })
  },
})

const rulesOf = (properties: Fields) =>
  (properties['securityRules'] ?? []) as { name: string; properties: Fields }[]

const theirRule = (properties: Fields) => {
  const ours = rulesOf(properties).filter(({ name }) => name !== 'theirs')
  return {
    securityRules: [...ours, { name: 'theirs', properties: { ...ours[0]?.properties, priority: 4000 } }],
  }
}

interface PoolFields {
  services: Fields[]
  sessionAffinity?: unknown
}
const weighed = (weights: number[]) => (properties: Fields) => {
  const pool = properties['pool'] as PoolFields
  const services = pool.services.map((service, index) => ({
    ...service,
    weight: weights[index] ?? weights.at(-1),
  }))
  return { pool: { ...pool, services } }
}

/** Shares that no document here gives: whoever finds them knows that nobody put them back. */
const movedWeights = [100, 61]

const onlyPools = /\/(?!.*--)[^/]+$/
const onlyBackends = /--/
const apim = 'Microsoft.ApiManagement/service'
const theirSubnet = 'snet-theirs'

const sharedDrifts: Drift[] = [
  {
    words: 'adds a subnet',
    act: (_world, stranger) =>
      stranger(
        'PUT',
        at(
          `${home}/providers/Microsoft.Network/virtualNetworks/vnet-contoso-ai/subnets/${theirSubnet}`,
          network,
        ),
        { properties: { addressPrefix: '192.168.200.0/24' } },
      ),
  },
  bends(
    'adds a rule to a security group of ours',
    'Microsoft.Network/networkSecurityGroups',
    /\/nsg-(private-endpoints|apim)$/,
    network,
    theirRule,
  ),
  bends(
    'takes rules out of a security group of ours',
    'Microsoft.Network/networkSecurityGroups',
    /\/nsg-(private-endpoints|apim)$/,
    network,
    (properties) => ({ securityRules: rulesOf(properties).slice(2) }),
  ),
  removes('deletes a DNS record', 'Microsoft.Network/privateDnsZones/A', /contoso-apim/, '2024-06-01'),
  removes(
    'deletes the link of a zone',
    'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
    /contoso-apim/,
    '2024-06-01',
  ),
  {
    words: 'puts a tag in place of ours on the public address',
    async act(world, stranger) {
      const found = one(world, 'Microsoft.Network/publicIPAddresses', /\/pip-/, 0)
      if (found) await stranger('PUT', at(found.id, network), { ...found, tags: { theirs: 'kept' } })
    },
  },
]

export const networkDrifts: Drift[] = [
  ...sharedDrifts,
  // Where agents run in it, Azure does not let it go.
  removes(
    'deletes the agents’ subnet',
    'Microsoft.Network/virtualNetworks/subnets',
    /\/snet-agents$/,
    network,
  ),
]

export const platformDrifts: Drift[] = [
  ...sharedDrifts,
  removes('deletes a role assignment', 'Microsoft.Authorization/roleAssignments', /./, '2022-04-01'),
  removes('deletes a private endpoint', 'Microsoft.Network/privateEndpoints', /\/pe-/, network),
  removes('deletes an operation of an API', `${apim}/apis/operations`, /./, gateway),
  removes('deletes a deployment', 'Microsoft.CognitiveServices/accounts/deployments', /./, foundry),
  removes('deletes a connection', 'Microsoft.CognitiveServices/accounts/projects/connections', /./, foundry),
  bends('moves weights within their bounds', `${apim}/backends`, onlyPools, gateway, weighed(movedWeights)),
  bends('moves weights out of their bounds', `${apim}/backends`, onlyPools, gateway, weighed([100, 1])),
  bends('gives a pool affinity', `${apim}/backends`, onlyPools, gateway, (properties) => ({
    pool: {
      ...(properties['pool'] as PoolFields),
      sessionAffinity: { sessionId: { source: 'Cookie', name: 'theirs' } },
    },
  })),
  bends('gives a backend credentials', `${apim}/backends`, onlyBackends, gateway, () => ({
    credentials: { managedIdentity: { resource: 'https://cognitiveservices.azure.com', clientId: 'theirs' } },
  })),
  bends('breaks a circuit breaker', `${apim}/backends`, onlyBackends, gateway, () => ({
    circuitBreaker: null,
  })),
  {
    words: 'changes the capacity of a deployment',
    async act(world, stranger, draw) {
      const found = one(world, 'Microsoft.CognitiveServices/accounts/deployments', /./, draw)
      if (!found) return
      const sku = { ...(found['sku'] as Fields), capacity: 7 }
      await stranger('PUT', at(found.id, foundry), {
        sku,
        properties: { model: found.properties?.['model'] },
      })
    },
  },
  bends('opens an account to the public', 'Microsoft.CognitiveServices/accounts', /./, foundry, () => ({
    publicNetworkAccess: 'Enabled',
  })),
  bends('opens the storage account to keys', 'Microsoft.Storage/storageAccounts', /./, '2024-01-01', () => ({
    allowSharedKeyAccess: true,
  })),
]

/** Everything of a stranger's that is there, as `id#what`: no operation of ours may make it go while the object it is on stays. */
export function theirMarks(world: ArmObject[]): { id: string; mark: string }[] {
  return world.flatMap(({ id, name, type, tags, properties = {} }) => {
    const marks: string[] = []
    if (name.split('/').at(-1) === theirSubnet) marks.push('subnet')
    if (
      type === 'Microsoft.Network/networkSecurityGroups' &&
      rulesOf(properties).some((it) => it.name === 'theirs')
    )
      marks.push('rule')
    if ((tags as Fields | undefined)?.['theirs']) marks.push('tag')
    const pool = properties['pool'] as PoolFields | undefined
    if (pool?.sessionAffinity && JSON.stringify(pool.sessionAffinity).includes('"theirs"'))
      marks.push('affinity')
    if (JSON.stringify(properties['credentials'] ?? {}).includes('"theirs"')) marks.push('credentials')
    return marks.map((mark) => ({ id, mark }))
  })
}

/** Pools whose weights somebody has moved and that are within their bounds. */
export const movedPools = (world: ArmObject[]): string[] =>
  world
    .filter(({ properties }) => {
      const { services } = (properties?.['pool'] ?? { services: [] }) as PoolFields
      return services.length > 1 && services.every(({ weight }, index) => weight === movedWeights[index])
    })
    .map(({ id }) => id)

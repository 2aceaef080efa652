import type { Document } from '../../environment/schema.ts'
import { type Cloud, cloudOf, type Surroundings, suffixes } from '../../environment/surroundings.ts'
import { groupIds, type Service, zonesOf } from '../../environment/zones.ts'
import { apimHostNames } from '../../resources/api-management.ts'
import { nameOf, type Resource } from '../../resources/kind.ts'

/** A name at which something of the environment answers, and what must be right for it to be found. */
export interface Front {
  host: string
  owner: Resource
  /** Where its addresses lie. */
  within: string[]
  /** The name of its private link, which the public name is an alias of. */
  through?: string
  /** ARM id of the record set that answers for it. */
  record?: string
  /** Keys of what makes it found, likeliest culprit first. */
  naming: string[]
  /** Keys of what a connection to it passes, likeliest culprit first. */
  path: string[]
}

/** A service of somebody else may be connected anywhere in private space. */
const privateSpace = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']

const serviceOf: Record<string, Service> = {
  account: 'account',
  storage: 'storage',
  search: 'search',
  cosmos: 'cosmos',
  'key-vault': 'keyVault',
}

/** Public suffixes by service, and the zone that answers for each (azure-facts 2.1); a vault's differ by more than the prefix. */
const publicSuffix = (zone: string): string =>
  zone.replace(/^privatelink\./, '').replace(/^vaultcore\./, 'vault.')

export function fronts(document: Document, surroundings: Surroundings, resources: Resource[]): Front[] {
  const known = new Set(resources.map(({ key }) => key))
  const keys = (...wanted: string[]) => wanted.filter((key) => known.has(key))
  const stand = standing(document, resources)
  const zoneIds = new Map(
    resources.filter(({ kind }) => kind === 'dns-zone').map((zone) => [nameOf(zone), zone.id]),
  )
  const apim = resources
    .filter(({ kind }) => kind === 'api-management')
    .flatMap((owner) =>
      apimHostNames(nameOf(owner), surroundings.gatewaySuffix).map((host): Front => {
        const zone = zoneIds.get(host)
        return {
          host,
          owner,
          within: [document.network.subnets.apim],
          ...(zone ? { record: `${zone}/A/@` } : {}),
          naming: keys(`dns-link/${host}`, `dns-record/${host}`, `dns-zone/${host}`, owner.key),
          path: [...keys('security-group/nsg-apim', 'subnet/snet-apim'), ...stand, owner.key],
        }
      }),
    )
  const linked = resources.flatMap((owner) => {
    const service = serviceOf[owner.kind]
    if (!service) return []
    const endpoint = `pe-${nameOf(owner)}-${groupIds[service]}`.toLowerCase()
    return hostsOf(owner, service, cloudOf(surroundings)).map(({ host, zone }): Front => {
      const zoneId = zone === undefined ? undefined : zoneIds.get(zone)
      const label = host.split('.')[0] ?? ''
      return {
        host,
        owner,
        within: owner.existing ? privateSpace : [document.network.subnets.privateEndpoints],
        ...(zone ? { through: `${label}.${zone}` } : {}),
        ...(zoneId && !owner.existing ? { record: `${zoneId}/A/${label}` } : {}),
        naming: [
          ...keys(`dns-link/${zone}`, `dns-zone/${zone}`, `dns-zone-group/${endpoint}`),
          ...keys(`private-endpoint/${endpoint}`),
          owner.key,
        ],
        path: [
          ...(owner.existing ? [] : keys('security-group/nsg-private-endpoints')),
          ...(owner.existing ? [] : keys('subnet/snet-private-endpoints')),
          ...stand,
          ...keys(`private-endpoint/${endpoint}`),
          owner.key,
        ],
      }
    })
  })
  return [...apim, ...linked]
}

/** Where the app stands: every connection starts there. */
const standing = ({ network }: Document, resources: Resource[]): string[] => [
  ...(network.agents ? [`subnet/${network.agents.ops.existing}`] : []),
  ...resources.filter(({ kind }) => kind === 'virtual-network').map(({ key }) => key),
]

/** Names that models are called by, whether or not the cloud's documents give them a zone. */
const unzoned = (cloud: Cloud): string[] => [suffixes[cloud].account, suffixes[cloud].openai]

function hostsOf(owner: Resource, service: Service, cloud: Cloud): { host: string; zone?: string }[] {
  const label = nameOf(owner).toLowerCase()
  const zoned = zonesOf[cloud][service].map((zone) => ({ host: `${label}.${publicSuffix(zone)}`, zone }))
  const others = (
    service === 'account' ? unzoned(cloud) : service === 'search' ? [suffixes[cloud].search] : []
  )
    .map((suffix) => ({ host: `${label}.${suffix}` }))
    .filter(({ host }) => zoned.every((known) => known.host !== host))
  return [...zoned, ...others]
}

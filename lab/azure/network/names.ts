import type { Azure } from '../arm/azure.ts'
import { keyOf, nameOf, parentOf, sameId } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import type { PublicName } from './public-names.ts'

/** What a resolver answers: the records on the way to the address, or why there is none. */
export type Resolution = {
  answers: DnsRecord[]
  /** `missing`: no such name (NXDOMAIN); `empty`: the name is there and has no address (NODATA). */
  outcome: 'found' | 'missing' | 'empty'
  /** The zone that had the last word. */
  zone: string
  isPrivate: boolean
  because: string
}

export type DnsRecord = { name: string; ttl: number } & { type: 'CNAME' | 'A'; data: string }

const ZONES = 'Microsoft.Network/privateDnsZones'
const ADDRESSES = `${ZONES}/A`
const LINKS = `${ZONES}/virtualNetworkLinks`
const MOST_ALIASES = 8
const PUBLIC_TTL_SECONDS = 60

/** Azure's DNS as a virtual network sees it, or as the internet does (azure-facts 2). */
export function resolve(
  asked: string,
  networkId: string | 'internet',
  publicNames: Map<string, PublicName>,
  azure: Azure,
): Resolution {
  const zones = networkId === 'internet' ? [] : zonesLinkedTo(networkId, azure)
  const answers: DnsRecord[] = []
  let name = asked.toLowerCase().replace(/\.$/, '')
  for (let aliases = 0; aliases <= MOST_ALIASES; aliases++) {
    const answer = privately(name, zones, azure) ?? publicly(name, publicNames)
    answers.push(...answer.records)
    const [record] = answer.records
    if (record?.type !== 'CNAME') {
      const { outcome, zone, isPrivate, because } = answer
      return { answers, outcome, zone, isPrivate, because }
    }
    name = record.data
  }
  throw new Error(`${asked} is an alias without end`)
}

type Answer = Omit<Resolution, 'answers'> & { records: DnsRecord[] }
type Zone = { zone: Resource; falls: boolean }

/** Zones and links that are still on their way do not answer yet. */
const zonesLinkedTo = (networkId: string, azure: Azure): Zone[] =>
  azure.all(LINKS).flatMap((link) => {
    const zone = azure.find(parentOf(link.id))
    const { virtualNetwork, resolutionPolicy } = link.properties as {
      virtualNetwork: { id: string }
      resolutionPolicy?: string
    }
    const isInForce = zone?.settledAt && link.settledAt && sameId(virtualNetwork.id, networkId)
    return isInForce ? [{ zone, falls: resolutionPolicy === 'NxDomainRedirect' }] : []
  })

/** The longest zone that holds the name answers for it, also when it has nothing to say; undefined: none does. */
function privately(name: string, zones: Zone[], azure: Azure): Answer | undefined {
  const [found] = zones
    .filter(({ zone }) => name === zoneName(zone) || name.endsWith(`.${zoneName(zone)}`))
    .sort((one, other) => zoneName(other.zone).length - zoneName(one.zone).length)
  if (!found) return undefined
  const zone = zoneName(found.zone)
  const label = name === zone ? '@' : name.slice(0, -zone.length - 1)
  const sets = azure.children(found.zone.id, ADDRESSES)
  const at = (wanted: string) => sets.find(({ id }) => keyOf(nameOf(id)) === wanted)
  const hasBelow = sets.some(({ id }) => keyOf(nameOf(id)).endsWith(`.${label}`))
  const set = at(label) ?? (hasBelow ? undefined : wildcardFor(label).map(at).find(Boolean))
  const answer = { zone, isPrivate: true, records: [] }
  if (set) {
    const { ttl, aRecords } = set.properties as { ttl: number; aRecords: { ipv4Address: string }[] }
    const records = aRecords.map(
      ({ ipv4Address }): DnsRecord => ({ name, ttl, type: 'A', data: ipv4Address }),
    )
    return { ...answer, records, outcome: 'found', because: `a record of the private zone ${zone}` }
  }
  if (label === '@' || hasBelow)
    return { ...answer, outcome: 'empty', because: `the private zone ${zone} has no address for ${name}` }
  if (found.falls) return undefined
  return { ...answer, outcome: 'missing', because: `the private zone ${zone} does not know ${name}` }
}

const zoneName = ({ id }: Resource) => nameOf(id).toLowerCase()

/** `a.b` is answered by `*.b` or, failing that, by `*`. */
function wildcardFor(label: string): string[] {
  if (label === '@') return []
  const labels = label.split('.')
  return labels.map((_, index) => ['*', ...labels.slice(index + 1)].join('.'))
}

function publicly(name: string, known: Map<string, PublicName>): Answer {
  const found = known.get(name)
  const answer = { zone: name.split('.').slice(-2).join('.'), isPrivate: false }
  if (!found) return { ...answer, records: [], outcome: 'missing', because: `no name ${name} in public DNS` }
  const record: DnsRecord = found.alias
    ? { name, ttl: PUBLIC_TTL_SECONDS, type: 'CNAME', data: found.alias }
    : { name, ttl: PUBLIC_TTL_SECONDS, type: 'A', data: found.address }
  return { ...answer, records: [record], outcome: 'found', because: `the public address of ${name}` }
}

import { apiManagement } from './api-management.ts'
import type { Kind, Resource } from './kind.ts'
import { dnsLink, dnsRecord, dnsZone } from './private-dns.ts'
import { publicIp } from './public-ip.ts'
import { securityGroup } from './security-group.ts'
import { deletedKinds } from './soft-delete.ts'
import { subnet } from './subnet.ts'
import { virtualNetwork } from './virtual-network.ts'

/** Every kind of resource the service manages, by the name its keys begin with. */
export const kinds: Record<string, Kind> = {
  'virtual-network': virtualNetwork,
  subnet,
  'security-group': securityGroup,
  'public-ip': publicIp,
  'dns-zone': dnsZone,
  'dns-link': dnsLink,
  'dns-record': dnsRecord,
  'api-management': apiManagement,
  ...deletedKinds,
}

export function kindOf(resource: Resource): Kind {
  const kind = kinds[resource.kind]
  if (!kind) throw new Error(`no kind named ${resource.kind} (resource ${resource.key})`)
  return kind
}

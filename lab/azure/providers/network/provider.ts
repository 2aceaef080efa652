import type { Provider } from '../../arm/kind.ts'
import { listAllRecords, OTHER_RECORDS, privateDns } from './private-dns.ts'
import { privateDnsZoneGroups } from './private-dns-zone-groups.ts'
import { privateEndpoints } from './private-endpoints.ts'
import { networkInterfaces } from './private-endpoints-interfaces.ts'
import { publicIpAddresses } from './public-ips.ts'
import { routes, routeTables } from './route-tables.ts'
import { networkSecurityGroups, securityRules } from './security-groups.ts'
import { subnets } from './subnets.ts'
import { virtualNetworks } from './virtual-networks.ts'

export const network: Provider = {
  namespace: 'Microsoft.Network',
  kinds: [
    virtualNetworks,
    subnets,
    networkSecurityGroups,
    securityRules,
    routeTables,
    routes,
    publicIpAddresses,
    ...privateDns,
    privateEndpoints,
    privateDnsZoneGroups,
    networkInterfaces,
  ],
  actions: [listAllRecords],
  later: [...OTHER_RECORDS, 'Microsoft.Network/natGateways'],
}

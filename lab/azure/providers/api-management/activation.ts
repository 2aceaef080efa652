import type { Azure } from '../../arm/azure.ts'
import { nameOf } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'
import { DEFAULT_RULES, type Flow, type Rule, verdict } from '../network/rules.ts'
import { type Service, skuOfService, subnetOf } from './shape.ts'

type Need = Flow & { explicit: boolean; skus?: string[] }

const inbound = (source: string, port: number): Flow => ({
  direction: 'Inbound',
  source,
  destination: 'VirtualNetwork',
  port,
  protocol: 'Tcp',
})
const outbound = (destination: string, port: number): Flow => ({
  direction: 'Outbound',
  source: 'VirtualNetwork',
  destination,
  port,
  protocol: 'Tcp',
})

/** azure-facts 1.4, the rows marked required. `explicit`: the default rules do not count. */
const NEEDS: Need[] = [
  { ...inbound('ApiManagement', 3443), explicit: true },
  { ...inbound('AzureLoadBalancer', 6390), explicit: true, skus: ['Premium'] },
  { ...outbound('Internet', 80), explicit: false },
  { ...outbound('Storage', 443), explicit: false },
  { ...outbound('Sql', 1433), explicit: false },
  { ...outbound('AzureKeyVault', 443), explicit: false },
  { ...outbound('AzureMonitor', 1886), explicit: false },
  { ...outbound('AzureMonitor', 443), explicit: false },
]

/** Why the service cannot come up where it stands. Azure looks only when it is trying, so it fails late. */
export function activationProblem(service: Resource<Service>, azure: Azure): string | undefined {
  const subnetId = subnetOf(service)
  if (!subnetId) return undefined
  const subnet = azure.find(subnetId)
  const { networkSecurityGroup, routeTable } = (subnet?.properties ?? {}) as Attached
  if (!subnet || !networkSecurityGroup) return `The subnet ${subnetId} or its network security group is gone.`
  const custom = children<Rule>(networkSecurityGroup.id, 'networkSecurityGroups/securityRules', azure)
  const { name: sku } = skuOfService(service)
  const unmet = NEEDS.filter(({ skus }) => !skus || skus.includes(sku)).find((need) => {
    const rules = need.explicit ? custom : [...custom, ...DEFAULT_RULES]
    return verdict(rules, need)?.access !== 'Allow'
  })
  const why = unmet
    ? `Network security group ${nameOf(networkSecurityGroup.id)} does not allow ${unmet.direction.toLowerCase()} ${unmet.source} to ${unmet.destination} on TCP port ${unmet.port}.`
    : routeTable && swallowsManagement(children<Route>(routeTable.id, 'routeTables/routes', azure))
      ? `Route table ${nameOf(routeTable.id)} sends the answers of port 3443 to an appliance: the tag ApiManagement needs a route with next hop Internet.`
      : undefined
  return (
    why &&
    `Failed to connect to management endpoint at ${nameOf(service.id)}.management.azure-api.net:3443 for a service deployed in a Virtual Network. ${why} Make sure to follow guidance at https://aka.ms/apim-vnet-common-issues.`
  )
}

type Attached = { networkSecurityGroup?: { id: string }; routeTable?: { id: string } }
type Route = { addressPrefix: string; nextHopType: string }

const children = <T>(id: string, type: string, azure: Azure): T[] =>
  azure.children(id, `Microsoft.Network/${type}`).map(({ properties }) => properties as T)

function swallowsManagement(routes: Route[]): boolean {
  const forced = routes.some(
    (route) => route.addressPrefix === '0.0.0.0/0' && route.nextHopType !== 'Internet',
  )
  const excepted = routes.some(
    (route) => /^apimanagement(\.|$)/i.test(route.addressPrefix) && route.nextHopType === 'Internet',
  )
  return forced && !excepted
}

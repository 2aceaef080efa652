import { account } from './account.ts'
import { apiManagement } from './api-management.ts'
import { backend, pool } from './backend.ts'
import { accountCapabilityHost, projectCapabilityHost } from './capability-host.ts'
import { connection } from './connection.ts'
import { cosmos, cosmosRoleAssignment } from './cosmos.ts'
import { diagnosticSetting } from './diagnostic-setting.ts'
import { api, apiOperation, apiPolicy } from './gateway-api.ts'
import { gatewayDiagnostic, logger, namedValue } from './gateway-logging.ts'
import { keyVault } from './key-vault.ts'
import type { Kind, Resource } from './kind.ts'
import { metricAlert } from './metric-alert.ts'
import { modelDeployment } from './model-deployment.ts'
import { dnsLink, dnsRecord, dnsZone } from './private-dns.ts'
import { dnsZoneGroup, privateEndpoint } from './private-endpoint.ts'
import { product, productApi, subscription } from './product.ts'
import { project } from './project.ts'
import { publicIp } from './public-ip.ts'
import { roleAssignment } from './role-assignment.ts'
import { search } from './search.ts'
import { securityGroup } from './security-group.ts'
import { deletedKinds } from './soft-delete.ts'
import { storage } from './storage.ts'
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
  'private-endpoint': privateEndpoint,
  'dns-zone-group': dnsZoneGroup,
  storage,
  search,
  cosmos,
  'cosmos-role-assignment': cosmosRoleAssignment,
  'key-vault': keyVault,
  account,
  'model-deployment': modelDeployment,
  project,
  connection,
  'account-capability-host': accountCapabilityHost,
  'project-capability-host': projectCapabilityHost,
  'role-assignment': roleAssignment,
  backend,
  pool,
  api,
  'api-operation': apiOperation,
  'api-policy': apiPolicy,
  product,
  'product-api': productApi,
  subscription,
  'named-value': namedValue,
  logger,
  'gateway-diagnostic': gatewayDiagnostic,
  'metric-alert': metricAlert,
  'diagnostic-setting': diagnosticSetting,
  ...deletedKinds,
}

export function kindOf(resource: Resource): Kind {
  const kind = kinds[resource.kind]
  if (!kind) throw new Error(`no kind named ${resource.kind} (resource ${resource.key})`)
  return kind
}

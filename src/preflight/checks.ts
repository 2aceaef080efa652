import { agentRangeRules } from './agent-range-rules.ts'
import { availabilityRules } from './availability-rules.ts'
import { capacityRules } from './capacity-rules.ts'
import type { Check } from './check.ts'
import { documentRules } from './document-rules.ts'
import { foundryRules } from './foundry-rules.ts'
import { gatewayRules } from './gateway-rules.ts'
import { groupRules } from './group-rules.ts'
import { homeRules } from './home-rules.ts'
import { modelRules } from './model-rules.ts'
import { networkRules } from './network-rules.ts'
import { permissionRules } from './permission-rules.ts'
import { probeRules } from './probe-rules.ts'
import { providerRules } from './provider-rules.ts'
import { quotaRules } from './quota-rules.ts'
import { rangeRules } from './range-rules.ts'
import { subnetRules } from './subnet-rules.ts'
import { trafficRules } from './traffic-rules.ts'
import { zoneRules } from './zone-rules.ts'

/** Every check, ordered by code. Each is explained in docs/preflight.md. */
export const checks: Check[] = [
  documentRules,
  probeRules,
  rangeRules,
  agentRangeRules,
  gatewayRules,
  capacityRules,
  foundryRules,
  groupRules,
  providerRules,
  networkRules,
  homeRules,
  subnetRules,
  trafficRules,
  zoneRules,
  availabilityRules,
  modelRules,
  quotaRules,
  permissionRules,
]
  .flat()
  .toSorted((a, b) => (a.code < b.code ? -1 : 1))

import { z } from 'zod'
import type { Azure } from '../arm/azure.ts'
import { groupIdOf, groupNameOf, keyOf, nameOf, sameId } from '../arm/ids.ts'
import { iso } from '../clock.ts'
import { actionGroups } from '../providers/insights/action-groups.ts'
import { alertIdOf } from './common-alert.ts'
import { notify } from './notify.ts'

const STATUSES = ['Available', 'Degraded', 'Unavailable'] as const

export const HealthRequest = z.strictObject({
  resourceId: z.string().startsWith('/'),
  status: z.enum(STATUSES),
  summary: z.string().default(''),
})
type HealthRequest = z.infer<typeof HealthRequest>

/**
 * Azure says how a resource is. There are no activity log alerts here, so every action group of the resource's own group is told, as if
 * one stood there that is about all of them. False: there is no such resource.
 */
export function tellHealth({ resourceId, status, summary }: HealthRequest, azure: Azure): boolean {
  const resource = azure.find(resourceId)
  if (!resource) return false
  const key = keyOf(resource.id)
  const before = azure.world.health.get(key) ?? 'Available'
  azure.world.health.put(key, status)
  const turn = azure.attempt(`health ${key}`)
  const group = groupIdOf(resource.id)
  const actions = azure
    .all(actionGroups.type)
    .filter(({ id }) => sameId(groupIdOf(id), group))
    .map(({ id }) => ({ actionGroupId: id }))
  const payload = healthPayload({ resourceId: resource.id, status, summary }, before, turn, azure)
  notify(actions, () => payload, azure)
  return true
}

/** The common alert schema of an activity log alert about Resource Health; it never resolves, a recovery is fired too. */
function healthPayload(
  { resourceId, status, summary }: HealthRequest,
  before: string,
  turn: number,
  azure: Azure,
) {
  const at = iso(azure.clock.now())
  const guid = (of: string) => azure.draw.uuid(of, keyOf(resourceId), turn)
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: alertIdOf(guid('health alert'), azure),
        alertRule: `resource-health-${groupNameOf(resourceId)}`,
        severity: 'Sev4',
        signalType: 'Activity Log',
        monitorCondition: 'Fired',
        monitoringService: 'Resource Health',
        alertTargetIDs: [keyOf(resourceId)],
        configurationItems: [nameOf(resourceId)],
        originAlertId: guid('health origin'),
        firedDateTime: at,
        description: '',
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: {
        channels: 'Admin, Operation',
        correlationId: guid('health correlation'),
        eventSource: 'ResourceHealth',
        eventTimestamp: at,
        eventDataId: guid('health event'),
        level: status === 'Available' ? 'Informational' : 'Critical',
        operationName: `Microsoft.Resourcehealth/healthevent/${status === 'Available' ? 'Resolved' : 'Activated'}/action`,
        operationId: guid('health operation'),
        properties: {
          title: summary,
          details: '',
          currentHealthStatus: status,
          previousHealthStatus: before,
          type: 'Downtime',
          cause: 'PlatformInitiated',
        },
        status: status === 'Available' ? 'Resolved' : 'Active',
        submissionTimestamp: at,
      },
      customProperties: {},
    },
  }
}

import { backendId } from '../gateway/backends.ts'
import { managedDiagnosticSetting } from '../resources/diagnostic-setting.ts'
import { managedMonitorDiagnostic, managedMonitorLogger } from '../resources/gateway-logging.ts'
import type { Resource } from '../resources/kind.ts'
import { managedThrottlingAlert } from '../resources/metric-alert.ts'
import type { Area, Foundry, Network } from './area.ts'

/** Logs to the workspace and alerts to the action group of the app's settings; nothing where a setting is missing. */
export const expandObservability = (area: Area, network: Network, foundry: Foundry): Resource[] => [
  ...expandLogs(area, network, foundry),
  ...expandAlerts(area, foundry),
]

function expandLogs({ surroundings, document }: Area, { apim }: Network, foundry: Foundry): Resource[] {
  const { workspaceId } = surroundings
  if (workspaceId === undefined) return []
  const monitor = managedMonitorLogger(apim)
  // A gateway without models answers nothing worth a log.
  const ofGateway =
    document.gateway.pools.length > 0
      ? [
          monitor,
          managedMonitorDiagnostic(apim, monitor),
          managedDiagnosticSetting(apim, workspaceId, ['GatewayLogs', 'GatewayLlmLogs'], true),
        ]
      : []
  return [
    ...ofGateway,
    ...foundry.accounts
      .filter(({ account }) => !account.existing)
      .map(({ account }) =>
        managedDiagnosticSetting(account, workspaceId, ['Audit', 'RequestResponse'], false),
      ),
  ]
}

/** One per member of a pool. */
function expandAlerts({ document, surroundings, place }: Area, foundry: Foundry): Resource[] {
  const { actionGroupId } = surroundings
  if (actionGroupId === undefined) return []
  return document.gateway.pools.flatMap((pool) =>
    pool.members.flatMap((member) => {
      const found = foundry.accounts.find(
        ({ spec }) => spec.name.toLowerCase() === member.account.toLowerCase(),
      )
      const deployment = found?.deployments.get(pool.deployment.toLowerCase())
      const format = found?.spec.deployments.find(
        ({ name }) => name.toLowerCase() === pool.deployment.toLowerCase(),
      )?.format
      if (!found || !deployment) return []
      return [
        managedThrottlingAlert(place, found.account, deployment, {
          environment: document.name,
          pool: pool.name,
          backend: backendId(found.spec.name, pool.deployment),
          deployment: pool.deployment,
          metric: format === 'OpenAI' ? 'AzureOpenAIRequests' : 'ModelRequests',
          actionGroupId,
        }),
      ]
    }),
  )
}

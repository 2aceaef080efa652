import type { Azurite } from './azurite.ts'
import type { Lab } from './meet.ts'

/** How the product is configured in the lab: the app settings and the identity endpoint that Azure would give it. */
export function appSettings(lab: Lab, storage: Azurite): Record<string, string> {
  const { home } = lab
  const group = `/subscriptions/${lab.subscriptionId}/resourceGroups/${home.resourceGroup}/providers`
  return {
    AZURE_SUBSCRIPTION_ID: lab.subscriptionId,
    AZURE_TENANT_ID: lab.tenantId,
    AZURE_CLIENT_ID: lab.identity.clientId,
    IDENTITY_ENDPOINT: lab.identity.endpoint,
    IDENTITY_HEADER: lab.identity.header,
    AZURE_RESOURCE_MANAGER_ENDPOINT: lab.arm,
    AZURE_RESOURCE_MANAGER_AUDIENCE: 'https://management.azure.com',
    OPS_RESOURCE_GROUPS: home.resourceGroup,
    OPS_ACTION_GROUP_ID: `${group}/Microsoft.Insights/actionGroups/${home.actionGroup}`,
    OPS_WORKSPACE_ID: `${group}/Microsoft.OperationalInsights/workspaces/${home.workspace}`,
    OPS_EVENT_HUB_ID: `${group}/Microsoft.EventHub/namespaces/${home.eventHub.namespace}/eventhubs/${home.eventHub.hub}`,
    OPS_ALERTS_HUB: home.alertsHub,
    AlertsHub__fullyQualifiedNamespace: `${home.eventHub.namespace}.servicebus.windows.net`,
    AlertsHub__credential: 'managedidentity',
    AlertsHub__clientId: lab.identity.clientId,
    OPS_PROBE_PRINCIPAL_ID: home.probe.principalId,
    OPS_PROBE_CLIENT_ID: home.probe.clientId,
    OPS_NOBODY_PRINCIPAL_ID: home.nobody.principalId,
    OPS_NOBODY_CLIENT_ID: home.nobody.clientId,
    WEBSITE_AUTH_ENABLED: 'True',
    WEBSITE_SITE_NAME: 'ops-lab',
    TASKHUB_NAME: 'OpsLab',
    FUNCTIONS_WORKER_RUNTIME: 'node',
    AzureWebJobsStorage__tableServiceUri: storage.tables,
    AzureWebJobsStorage__blobServiceUri: storage.blobs,
    AzureWebJobsStorage__queueServiceUri: storage.queues,
    AzureWebJobsStorage__credential: 'managedidentity',
    AzureWebJobsStorage__clientId: lab.identity.clientId,
    NO_PROXY: '127.0.0.1,localhost',
  }
}

/** Values already in the environment win. WEBSITE_HOSTNAME is set by the host when it knows its port. */
export function applySettings(settings: Record<string, string>) {
  for (const [name, value] of Object.entries(settings)) process.env[name] ??= value
}

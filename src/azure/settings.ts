import * as z from 'zod'
import type { Surroundings } from '../environment/surroundings.ts'

/**
 * The app's settings, read once at start. Everything the app may touch is named here: no request can point it elsewhere. The names
 * with double underscores are the Functions host's own (identity-based connections).
 */

const clouds = {
  AzureCloud: { resourceManager: 'https://management.azure.com', gatewaySuffix: 'azure-api.net' },
  AzureUSGovernment: {
    resourceManager: 'https://management.usgovcloudapi.net',
    gatewaySuffix: 'azure-api.us',
  },
  AzureChinaCloud: { resourceManager: 'https://management.chinacloudapi.cn', gatewaySuffix: 'azure-api.cn' },
} as const

const httpsUrl = z.url({ protocol: /^https$/, error: 'must be an https:// address' })
const guid = z.guid({ error: 'must be a GUID' })

const armId = z
  .string()
  .regex(/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^?]+$/i, 'must be a resource id')

const Environment = z
  .object({
    AZURE_SUBSCRIPTION_ID: guid,
    /** Client id of the app's user-assigned identity. */
    AZURE_CLIENT_ID: guid,
    AZURE_CLOUD: z.enum(['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud']).default('AzureCloud'),
    /** Overrides of the cloud's own, for private or disconnected clouds. */
    AZURE_RESOURCE_MANAGER_ENDPOINT: httpsUrl.optional(),
    AZURE_RESOURCE_MANAGER_AUDIENCE: httpsUrl.optional(),
    AzureWebJobsStorage__tableServiceUri: httpsUrl,
    /** Resource groups an environment may live in, separated by commas. */
    OPS_RESOURCE_GROUPS: z.string().min(1, 'must name at least one resource group'),
    AZURE_TENANT_ID: guid.optional(),
    /** Where alerts go, and where logs go: ARM ids. */
    OPS_ACTION_GROUP_ID: armId.optional(),
    OPS_WORKSPACE_ID: armId.optional(),
    /** Where the gateway tells of every attempt: ARM id of the event hub. */
    OPS_EVENT_HUB_ID: armId.optional(),
    /** Where alerts arrive: an event hub, and the host's connection to its namespace. */
    OPS_ALERTS_HUB: z.string().min(1).optional(),
    OPS_ALERTS_CONSUMER_GROUP: z.string().min(1).default('$Default'),
    AlertsHub__fullyQualifiedNamespace: z.string().min(1).optional(),
    /** Two identities of the home that prove roles: one that has them, one that has none. */
    OPS_PROBE_PRINCIPAL_ID: guid.optional(),
    OPS_PROBE_CLIENT_ID: guid.optional(),
    OPS_NOBODY_PRINCIPAL_ID: guid.optional(),
    OPS_NOBODY_CLIENT_ID: guid.optional(),
    /** The kill switch of automatic repair, whatever documents say. */
    OPS_AUTO_REPAIR: z.enum(['on', 'off']).default('on'),
    /** The kill switch of writing weights, whatever documents say: off, and auto only shadows. */
    OPS_AUTO_BALANCE: z.enum(['on', 'off']).default('on'),
    /** Takes fired and resolved alerts as POSTs of JSON. */
    OPS_ALERT_WEBHOOK: httpsUrl.optional(),
    /** The kill switch of the probes' timer; the doors go on asking when they are told to. */
    OPS_PROBES: z.enum(['on', 'off']).default('on'),
    /** Set by App Service when its authentication is on. Without it anybody could claim to be anybody. */
    WEBSITE_AUTH_ENABLED: z.string().refine((value) => value.toLowerCase() === 'true', {
      error: 'must be True: switch on App Service authentication',
    }),
  })
  .refine(
    (values) =>
      (values.OPS_ALERTS_HUB === undefined) === (values.AlertsHub__fullyQualifiedNamespace === undefined),
    {
      path: ['OPS_ALERTS_HUB'],
      error: 'and AlertsHub__fullyQualifiedNamespace go together: set both or neither',
    },
  )

export interface Settings {
  subscriptionId: string
  clientId: string
  resourceManager: { endpoint: string; audience: string }
  surroundings: Surroundings
  autoRepair: boolean
  autoBalance: boolean
  probing: boolean
  /** Absent: alerts are log records and rows. */
  alertWebhook: string | undefined
  /** Absent: the installation hears of no alert. */
  alertsHub: { name: string; consumerGroup: string } | undefined
  tablesUrl: string
  /** Lower case. */
  resourceGroups: string[]
}

/**
 * Reads and checks the settings.
 * @throws Error naming every setting that is missing or wrong, in words a person can act on
 */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const parsed = Environment.safeParse(environment)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0])
      return `  ${name} ${environment[name] === undefined ? 'is missing' : issue.message}`
    })
    throw new Error(
      `The app cannot start: correct these app settings (docs/settings.md)\n${lines.join('\n')}`,
    )
  }
  const values = parsed.data
  const cloud = clouds[values.AZURE_CLOUD]
  return {
    subscriptionId: values.AZURE_SUBSCRIPTION_ID,
    clientId: values.AZURE_CLIENT_ID,
    resourceManager: {
      endpoint: (values.AZURE_RESOURCE_MANAGER_ENDPOINT ?? cloud.resourceManager).replace(/\/+$/, ''),
      audience: (values.AZURE_RESOURCE_MANAGER_AUDIENCE ?? cloud.resourceManager).replace(/\/+$/, ''),
    },
    surroundings: surroundingsOf(values, cloud.gatewaySuffix),
    autoRepair: values.OPS_AUTO_REPAIR === 'on',
    autoBalance: values.OPS_AUTO_BALANCE === 'on',
    probing: values.OPS_PROBES === 'on',
    alertWebhook: values.OPS_ALERT_WEBHOOK,
    alertsHub: values.OPS_ALERTS_HUB
      ? { name: values.OPS_ALERTS_HUB, consumerGroup: values.OPS_ALERTS_CONSUMER_GROUP }
      : undefined,
    tablesUrl: values.AzureWebJobsStorage__tableServiceUri.replace(/\/+$/, ''),
    resourceGroups: values.OPS_RESOURCE_GROUPS.split(',')
      .map((name) => name.trim().toLowerCase())
      .filter(Boolean),
  }
}

/** What differs from installation to installation and shapes the resources of an environment. */
function surroundingsOf(values: z.output<typeof Environment>, gatewaySuffix: string): Surroundings {
  const [, , , , , , , , namespace = '', , hub = ''] = values.OPS_EVENT_HUB_ID?.split('/') ?? []
  const canary = (principalId: string | undefined, clientId: string | undefined) =>
    principalId && clientId ? { principalId, clientId } : undefined
  const probe = canary(values.OPS_PROBE_PRINCIPAL_ID, values.OPS_PROBE_CLIENT_ID)
  const nobody = canary(values.OPS_NOBODY_PRINCIPAL_ID, values.OPS_NOBODY_CLIENT_ID)
  return {
    subscriptionId: values.AZURE_SUBSCRIPTION_ID,
    gatewaySuffix,
    cloud: values.AZURE_CLOUD,
    tenantId: values.AZURE_TENANT_ID,
    actionGroupId: values.OPS_ACTION_GROUP_ID,
    workspaceId: values.OPS_WORKSPACE_ID,
    eventHub: values.OPS_EVENT_HUB_ID ? { id: values.OPS_EVENT_HUB_ID, namespace, hub } : undefined,
    probeIdentities: probe && nobody ? { probe, nobody } : undefined,
  }
}

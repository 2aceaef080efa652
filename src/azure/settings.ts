import * as z from 'zod'

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

const Environment = z.object({
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
  /** Set by App Service when its authentication is on. Without it anybody could claim to be anybody. */
  WEBSITE_AUTH_ENABLED: z.string().refine((value) => value.toLowerCase() === 'true', {
    error: 'must be True: switch on App Service authentication',
  }),
})

export interface Settings {
  subscriptionId: string
  clientId: string
  resourceManager: { endpoint: string; audience: string }
  /** Host name suffix of API Management gateways in this cloud (azure-facts 14.1). */
  gatewaySuffix: string
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
    gatewaySuffix: cloud.gatewaySuffix,
    tablesUrl: values.AzureWebJobsStorage__tableServiceUri.replace(/\/+$/, ''),
    resourceGroups: values.OPS_RESOURCE_GROUPS.split(',')
      .map((name) => name.trim().toLowerCase())
      .filter(Boolean),
  }
}

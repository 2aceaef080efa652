export type Cloud = 'AzureCloud' | 'AzureUSGovernment' | 'AzureChinaCloud'

/** An identity of the home, by both of its ids: roles are given to the one, tokens name the other. */
export interface Canary {
  principalId: string
  clientId: string
}

/** What differs between Azure's clouds (azure-facts 14) and between installations of the app. What is absent is not made. */
export interface Surroundings {
  subscriptionId: string
  /** `azure-api.net` in the public cloud. */
  gatewaySuffix: string
  cloud?: Cloud | undefined
  tenantId?: string | undefined
  /** Where alerts go. */
  actionGroupId?: string | undefined
  /** Where logs go. */
  workspaceId?: string | undefined
  /** Where the gateway tells of every attempt. */
  eventHub?: { id: string; namespace: string; hub: string } | undefined
  /** Who proves roles: one with the roles of a caller, one with none. */
  probeIdentities?: { probe: Canary; nobody: Canary } | undefined
}

/** Host suffixes of model endpoints and data services. */
export const suffixes: Record<Cloud, { openai: string; account: string; search: string; eventHub: string }> =
  {
    AzureCloud: {
      openai: 'openai.azure.com',
      account: 'cognitiveservices.azure.com',
      search: 'search.windows.net',
      eventHub: 'servicebus.windows.net',
    },
    AzureUSGovernment: {
      openai: 'openai.azure.us',
      account: 'cognitiveservices.azure.us',
      search: 'search.azure.us',
      eventHub: 'servicebus.usgovcloudapi.net',
    },
    AzureChinaCloud: {
      openai: 'openai.azure.cn',
      account: 'cognitiveservices.azure.cn',
      search: 'search.azure.cn',
      eventHub: 'servicebus.chinacloudapi.cn',
    },
  }

export const cloudOf = (surroundings: Surroundings): Cloud => surroundings.cloud ?? 'AzureCloud'

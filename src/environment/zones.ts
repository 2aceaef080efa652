import { apimHostNames } from '../resources/api-management.ts'
import type { Cloud } from './surroundings.ts'

export type Service = 'account' | 'search' | 'storage' | 'cosmos' | 'keyVault'

/** What a private endpoint of each leads to, in Azure's words (azure-facts 2.1). */
export const groupIds: Record<Service, string> = {
  account: 'account',
  search: 'searchService',
  storage: 'blob',
  cosmos: 'Sql',
  keyVault: 'vault',
}

/** Private DNS zones by what answers in them (azure-facts 2.1); none where Azure has not said which. */
export const zonesOf: Record<Cloud, Record<Service, string[]>> = {
  AzureCloud: {
    // All three: without services.ai a project's endpoint resolves publicly, and is refused.
    account: [
      'privatelink.cognitiveservices.azure.com',
      'privatelink.openai.azure.com',
      'privatelink.services.ai.azure.com',
    ],
    search: ['privatelink.search.windows.net'],
    storage: ['privatelink.blob.core.windows.net'],
    cosmos: ['privatelink.documents.azure.com'],
    keyVault: ['privatelink.vaultcore.azure.net'],
  },
  AzureUSGovernment: {
    account: ['privatelink.cognitiveservices.azure.us'],
    search: ['privatelink.search.azure.us'],
    storage: ['privatelink.blob.core.usgovcloudapi.net'],
    cosmos: ['privatelink.documents.azure.us'],
    keyVault: ['privatelink.vaultcore.usgovcloudapi.net'],
  },
  AzureChinaCloud: {
    account: [],
    search: [],
    storage: ['privatelink.blob.core.chinacloudapi.cn'],
    cosmos: ['privatelink.documents.azure.cn'],
    keyVault: ['privatelink.vaultcore.azure.cn'],
  },
}

const gatewaySuffixes = ['azure-api.net', 'azure-api.us', 'azure-api.cn']

/** Every zone that a document may speak of, in whichever cloud. */
export const speakableZones = (apim: string): Set<string> =>
  new Set([
    ...Object.values(zonesOf).flatMap((services) => Object.values(services).flat()),
    ...gatewaySuffixes.flatMap((suffix) => apimHostNames(apim, suffix)),
  ])

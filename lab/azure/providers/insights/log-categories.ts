import { keyOf } from '../../arm/ids.ts'

/** Log categories by resource type; azure-facts 6.5 for API Management. Other types take any name. */
const CATEGORIES: Record<string, string[]> = {
  'microsoft.apimanagement/service': [
    'GatewayLogs',
    'WebSocketConnectionLogs',
    'DeveloperPortalAuditLogs',
    'GatewayLlmLogs',
    'GatewayMCPLogs',
  ],
  'microsoft.cognitiveservices/accounts': ['Audit', 'RequestResponse', 'AzureOpenAIRequestUsage', 'Trace'],
}
const AUDIT = ['DeveloperPortalAuditLogs', 'Audit']

export const categoriesOf = (type: string): string[] | undefined => CATEGORIES[keyOf(type)]

/** The categories of a group, or its own name where nobody knows what is in it. */
export function categoriesIn(group: string, type: string): string[] {
  const all = categoriesOf(type)
  if (!all) return [`group ${keyOf(group)}`]
  return keyOf(group) === 'audit' ? all.filter((name) => AUDIT.includes(name)) : all
}

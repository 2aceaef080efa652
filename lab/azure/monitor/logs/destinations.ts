import type { Azure } from '../../arm/azure.ts'
import { keyOf, parentOf } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'
import { perRevision } from '../../arm/per-revision.ts'
import { SERVICE } from '../../providers/api-management/entity.ts'
import { diagnosticSettings } from '../../providers/insights/diagnostic-settings.ts'
import { categoriesIn } from '../../providers/insights/log-categories.ts'
import { TABLES, type TableName } from './tables.ts'

type Setting = {
  workspaceId?: string | null
  logAnalyticsDestinationType?: string | null
  logs: { category?: string | null; categoryGroup?: string | null; enabled: boolean }[]
}

/** Where the log of a gateway goes now: by service, the workspaces of each table. */
export const destinations: (azure: Azure) => Map<string, Map<TableName, string[]>> = perRevision((azure) => {
  const found = new Map<string, Map<TableName, string[]>>()
  for (const { id, properties } of azure.all(diagnosticSettings.type)) {
    const service = azure.find(parentOf(id))
    const { workspaceId, logs, logAnalyticsDestinationType } = properties as unknown as Setting
    const workspace = workspaceId ? azure.find(workspaceId) : undefined
    // Without `Dedicated` rows go to AzureDiagnostics, which nobody can query here.
    if (!service || keyOf(service.type) !== keyOf(SERVICE) || !workspace) continue
    if (logAnalyticsDestinationType !== 'Dedicated') continue
    const sent = logs
      .filter(({ enabled }) => enabled)
      .flatMap(({ category, categoryGroup }) =>
        category ? [category] : categoriesIn(categoryGroup ?? '', service.type),
      )
      .map(keyOf)
    const tables = found.get(keyOf(service.id)) ?? new Map<TableName, string[]>()
    found.set(keyOf(service.id), tables)
    for (const name of Object.keys(TABLES) as TableName[]) {
      if (!sent.includes(keyOf(TABLES[name].category))) continue
      if (name === 'ApiManagementGatewayLlmLog' && !logsModels(service, azure)) continue
      tables.set(name, [...(tables.get(name) ?? []), workspace.id])
    }
  }
  return found
})

/** azure-facts 6.5: language models are logged where a diagnostic of the service or of an API says so; here of the service. */
function logsModels({ id }: Resource, azure: Azure): boolean {
  const diagnostic = azure.find(`${id}/diagnostics/azuremonitor`)
  const { largeLanguageModel } = (diagnostic?.properties ?? {}) as { largeLanguageModel?: { logs?: string } }
  return largeLanguageModel?.logs === 'enabled'
}

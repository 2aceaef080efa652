import { anyClient, instant, type Kind, type Resource } from './kind.ts'

/** Microsoft.Insights/diagnosticSettings: which logs of a resource go to the workspace. Categories somebody else switched on stay on. */
export const diagnosticSetting: Kind = {
  client: anyClient,
  apiVersion: '2021-05-01-preview',
  lists: { 'properties.logs': 'category' },
  risks: {},
  neverSent: [],
  conditional: false,
  timing: instant,
}

/** @param dedicated tables of their own; Azure does not say it back for types that have none, so it is asked for only where it means something */
export const managedDiagnosticSetting = (
  of: Resource,
  workspaceId: string,
  categories: string[],
  dedicated: boolean,
): Resource => ({
  key: `diagnostic-setting/${of.key}`,
  kind: 'diagnostic-setting',
  id: `${of.id}/providers/Microsoft.Insights/diagnosticSettings/ops`,
  existing: false,
  dependsOn: [of.key],
  body: {
    properties: {
      workspaceId,
      logs: categories.map((category) => ({ category, enabled: true })),
      ...(dedicated ? { logAnalyticsDestinationType: 'Dedicated' } : {}),
    },
  },
})

import type { Provider } from '../../arm/kind.ts'
import { actionGroups } from './action-groups.ts'
import { diagnosticSettings } from './diagnostic-settings.ts'
import { metricAlerts } from './metric-alerts.ts'

const LATER = [
  'components',
  'scheduledQueryRules',
  'activityLogAlerts',
  'metrics',
  'diagnosticSettingsCategories',
]

export const insights: Provider = {
  namespace: 'Microsoft.Insights',
  kinds: [metricAlerts, actionGroups, diagnosticSettings],
  later: LATER.map((type) => `Microsoft.Insights/${type}`),
}

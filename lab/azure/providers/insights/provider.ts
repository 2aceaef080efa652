import type { Provider } from '../../arm/kind.ts'
import { DELIVER, deliver } from '../../monitor/notify.ts'
import { actionGroups } from './action-groups.ts'
import { diagnosticSettings } from './diagnostic-settings.ts'
import { metricAlerts } from './metric-alerts.ts'
import { metricActions } from './metrics.ts'

const LATER = ['components', 'scheduledQueryRules', 'activityLogAlerts', 'diagnosticSettingsCategories']

export const insights: Provider = {
  namespace: 'Microsoft.Insights',
  kinds: [metricAlerts, actionGroups, diagnosticSettings],
  actions: metricActions,
  due: { [DELIVER]: deliver },
  later: LATER.map((type) => `Microsoft.Insights/${type}`),
}

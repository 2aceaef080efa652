import { z } from 'zod'
import { defineKind, type Kind } from '../../arm/kind.ts'
import { watchFrom } from '../../monitor/watch.ts'
import { Criteria, checkMetrics } from './alert-criteria.ts'
import { INSIGHTS, unfit } from './common.ts'

/** In minutes. */
export const FREQUENCIES = { PT1M: 1, PT5M: 5, PT15M: 15, PT30M: 30, PT1H: 60 }
export const WINDOWS = { ...FREQUENCIES, PT6H: 360, PT12H: 720, P1D: 1440 }
const keysOf = <Key extends string>(minutes: Record<Key, number>) => Object.keys(minutes) as [Key, ...Key[]]

const MetricAlert = z
  .looseObject({
    description: z.string().nullish(),
    severity: z.int().min(0).max(4),
    enabled: z.boolean(),
    scopes: z.array(z.string().startsWith('/')).min(1),
    evaluationFrequency: z.enum(keysOf(FREQUENCIES)),
    windowSize: z.enum(keysOf(WINDOWS)),
    targetResourceType: z.string().nullish(),
    targetResourceRegion: z.string().nullish(),
    criteria: Criteria,
    autoMitigate: z.boolean().default(true),
    actions: z
      .array(
        z.looseObject({
          actionGroupId: z.string(),
          webHookProperties: z.record(z.string(), z.string()).nullish(),
        }),
      )
      .max(5, 'A rule has at most five action groups.')
      .default([]),
  })
  .superRefine(({ evaluationFrequency, windowSize, criteria, scopes, ...alert }, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (WINDOWS[windowSize] < FREQUENCIES[evaluationFrequency])
      complain('windowSize', 'It must not be below evaluationFrequency.')
    if (criteria['odata.type'].includes('SingleResource') && scopes.length > 1)
      complain('scopes', 'A rule for a single resource has one scope.')
    if (!criteria['odata.type'].includes('MultipleResource')) return
    for (const name of ['targetResourceType', 'targetResourceRegion'] as const)
      if (!alert[name]) complain(name, 'It is required for several resources.')
  })
export type MetricAlert = z.infer<typeof MetricAlert>

/** azure-facts 10.2. Evaluated by monitor/alerts.ts. */
export const metricAlerts: Kind = defineKind<MetricAlert>({
  ...INSIGHTS,
  type: 'Microsoft.Insights/metricAlerts',
  name: { pattern: /^[^*#&+:<>?@%{}\\/]*[^*#&+:<>?@%{}\\/ .]$/, most: 260 },
  since: '2018-03-01',
  shape: MetricAlert,
  readOnly: ['lastUpdatedTime', 'isMigrated'],
  settled: (_rule, _verb, azure) => {
    watchFrom(azure)
    return {}
  },
  // Looked up, not referred to: what an alert watches may go, and the alert stays.
  check: ({ properties }, _before, azure) => {
    checkMetrics(properties.criteria)
    for (const id of properties.scopes)
      if (!azure.find(id)) throw unfit(`The target resource ${id} of the alert rule was not found.`)
    for (const { actionGroupId } of properties.actions)
      if (!azure.find(actionGroupId)) throw unfit(`The action group ${actionGroupId} was not found.`)
  },
})

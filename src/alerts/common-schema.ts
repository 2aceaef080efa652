import * as z from 'zod'
import { environmentName } from '../environment/words.ts'

/** The common alert schema (azure-facts 10.4), as far as it is read. Azure adds fields; only what is missing is a fault. */

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
const name = z.string().min(1).max(300)

export const CommonAlert = z.object({
  schemaId: z.literal('azureMonitorCommonAlertSchema'),
  data: z.object({
    essentials: z
      .object({
        alertId: name.nullish(),
        originAlertId: z.string().min(1).max(1_000).nullish(),
        alertRule: name,
        severity: z.string().max(20).default(''),
        monitorCondition: z.enum(['Fired', 'Resolved']),
        monitoringService: z.string().max(100).default(''),
        alertTargetIDs: z.array(z.string().max(500)).nullish(),
        firedDateTime: time,
        resolvedDateTime: time.nullish(),
        description: z.string().nullish(),
      })
      .refine(({ alertId, originAlertId }) => alertId || originAlertId, { error: 'has no id' }),
    alertContext: z.unknown(),
  }),
})

/** Of a metric alert: the first condition tells what was measured. */
export const MetricContext = z.object({
  condition: z.object({
    allOf: z
      .array(
        z.object({
          metricName: z.string().max(200),
          dimensions: z.array(z.object({ name, value: z.string().max(300) })).nullish(),
          metricValue: z.number().nullish(),
        }),
      )
      .min(1),
  }),
})

/** What our own rules send along (src/resources/metric-alert.ts). */
export const OurProperties = z.object({
  properties: z.object({ environment: environmentName, pool: name, backend: name }),
})

/** Of a resource health event. */
export const HealthContext = z.object({
  properties: z.object({ currentHealthStatus: z.string().min(1).max(50) }),
})

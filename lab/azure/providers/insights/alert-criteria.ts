import { z } from 'zod'
import { unfit } from './common.ts'
import { metricsOf } from './metric-definitions.ts'

const SHARED = {
  name: z.string().min(1),
  metricName: z.string().min(1),
  metricNamespace: z.string().min(1).nullish(),
  timeAggregation: z.enum(['Average', 'Count', 'Minimum', 'Maximum', 'Total']),
  dimensions: z
    .array(
      z.looseObject({
        name: z.string().min(1),
        operator: z.enum(['Include', 'Exclude']),
        values: z.array(z.string()).min(1),
      }),
    )
    .nullish(),
  skipMetricValidation: z.boolean().nullish(),
}

const Static = z.looseObject({
  ...SHARED,
  criterionType: z.literal('StaticThresholdCriterion').default('StaticThresholdCriterion'),
  operator: z.enum(['Equals', 'GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual']),
  threshold: z.number(),
})

const Dynamic = z.looseObject({
  ...SHARED,
  criterionType: z.literal('DynamicThresholdCriterion'),
  operator: z.enum(['GreaterThan', 'LessThan', 'GreaterOrLessThan']),
  alertSensitivity: z.enum(['Low', 'Medium', 'High']),
  failingPeriods: z
    .looseObject({
      numberOfEvaluationPeriods: z.number().min(1),
      minFailingPeriodsToAlert: z.number().min(1),
    })
    .refine((periods) => periods.minFailingPeriodsToAlert <= periods.numberOfEvaluationPeriods, {
      path: ['minFailingPeriodsToAlert'],
      error: 'It must not be above numberOfEvaluationPeriods.',
    }),
  ignoreDataBefore: z.iso.datetime().nullish(),
})

const kindOf = <Name extends string>(name: Name) => z.literal(`Microsoft.Azure.Monitor.${name}`)

export const Criteria = z.discriminatedUnion('odata.type', [
  z.looseObject({
    'odata.type': kindOf('SingleResourceMultipleMetricCriteria'),
    allOf: z.array(Static).min(1).max(5),
  }),
  z.looseObject({
    'odata.type': kindOf('MultipleResourceMultipleMetricCriteria'),
    allOf: z
      .array(z.union([Static, Dynamic]))
      .min(1)
      .max(5),
  }),
  z.looseObject({
    'odata.type': kindOf('WebtestLocationAvailabilityCriteria'),
    webTestId: z.string(),
    componentId: z.string(),
    failedLocationCount: z.number().min(1),
  }),
])
export type Criteria = z.infer<typeof Criteria>
export type StaticCriterion = z.infer<typeof Static>
export type Criterion = z.infer<typeof Static> | z.infer<typeof Dynamic>

/** A metric that does not exist is found out at once, unless one asks not to be told. */
export function checkMetrics(criteria: Criteria): void {
  const { allOf = [] } = criteria as { allOf?: Criterion[] }
  for (const { metricName, metricNamespace, dimensions, skipMetricValidation } of allOf) {
    const known = metricsOf(metricNamespace ?? '')
    if (!known || skipMetricValidation) continue
    const metric = known.find(({ name }) => name.toLowerCase() === metricName.toLowerCase())
    if (!metric)
      throw unfit(`Couldn't find a metric named ${metricName} in the namespace ${metricNamespace}.`)
    const unknown = dimensions?.find(
      ({ name }) => !metric.dimensions.some((one) => one.toLowerCase() === name.toLowerCase()),
    )
    if (unknown) throw unfit(`The dimension ${unknown.name} was not found for the metric ${metric.name}.`)
  }
}

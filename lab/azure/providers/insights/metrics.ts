import type { Azure } from '../../arm/azure.ts'
import { badRequest, Refusal } from '../../arm/errors.ts'
import { nameOf, typeOf } from '../../arm/ids.ts'
import type { Action, Answer, Resource } from '../../arm/kind.ts'
import { missing } from '../../arm/read.ts'
import { queryMetrics, shownSpan } from '../../monitor/metrics-query.ts'
import { GRAINS, timespanOf } from '../../monitor/timespan.ts'
import { metricsOf } from './metric-definitions.ts'

const INSIGHTS = '{scope}/providers/Microsoft.Insights'

/** `GET {resource}/providers/Microsoft.Insights/metrics`, and what there is to ask for (azure-facts 9.5). */
export const metricActions: Action[] = [
  {
    method: 'GET',
    path: `${INSIGHTS}/metrics`,
    run: ({ params, query }, azure) => {
      const resource = measured(params[0] ?? '', azure)
      // Names of parameters are read without regard to case: clients write `AutoAdjustTimegrain`.
      const given = new Map([...query].map(([name, value]) => [name.toLowerCase(), value]))
      const span = timespanOf(given.get('timespan'), azure.clock.now())
      const isTrue = (name: string) => given.get(name)?.toLowerCase() === 'true'
      const result = queryMetrics(
        resource,
        {
          namespace: given.get('metricnamespace'),
          metricNames: given.get('metricnames') ?? given.get('metric'),
          span,
          interval: given.get('interval'),
          adjustInterval: isTrue('autoadjusttimegrain'),
          aggregation: given.get('aggregation'),
          filter: given.get('$filter'),
          top: given.get('top'),
          orderBy: given.get('orderby'),
          isMetadata: resultTypeOf(given.get('resulttype')) === 'metadata',
          validateDimensions: given.get('validatedimensions')?.toLowerCase() !== 'false',
        },
        azure,
      )
      if (given.get('rollupby'))
        throw badRequest('BadRequest', 'The simulated Azure does not roll up series (rollupby).')
      return ok({ cost: 0, timespan: shownSpan(span), ...result })
    },
  },
  {
    method: 'GET',
    path: `${INSIGHTS}/metricDefinitions`,
    run: ({ params }, azure) => {
      const resource = measured(params[0] ?? '', azure)
      return ok({ value: (metricsOf(resource.type) ?? []).map((metric) => definition(resource, metric)) })
    },
  },
  {
    method: 'GET',
    path: `${INSIGHTS}/metricNamespaces`,
    run: ({ params }, azure) => {
      const { id, type } = measured(params[0] ?? '', azure)
      return ok({
        value: [
          {
            id: `${id}/providers/microsoft.insights/metricNamespaces/${type}`,
            type: 'Microsoft.Insights/metricNamespaces',
            name: type,
            classification: 'Platform',
            properties: { metricNamespaceName: type },
          },
        ],
      })
    },
  },
]

const ok = (body: object): Answer => ({ status: 200, body })

function measured(id: string, azure: Azure): Resource {
  const resource = azure.find(id)
  const kind = azure.kind(typeOf(id))
  if (!resource)
    throw kind ? missing(kind, id) : new Refusal(404, 'ResourceNotFound', `No resource ${nameOf(id)}.`)
  if (!metricsOf(resource.type))
    throw badRequest(
      'BadRequest',
      `The simulated Azure measures nothing of ${resource.type} (lab/azure/README.md).`,
    )
  return resource
}

function resultTypeOf(given: string | undefined): string {
  const type = given?.toLowerCase() ?? 'data'
  if (type === 'data' || type === 'metadata') return type
  throw badRequest('BadRequest', `Invalid resultType: ${given}. Valid ones: Data,Metadata`)
}

function definition(
  { id, type }: Resource,
  metric: NonNullable<ReturnType<typeof metricsOf>>[number],
): object {
  const { name, unit, primary, dimensions } = metric
  return {
    id: `${id}/providers/microsoft.insights/metricdefinitions/${name}`,
    resourceId: id,
    namespace: type,
    name: { value: name, localizedValue: name },
    displayDescription: name,
    isDimensionRequired: false,
    unit,
    primaryAggregationType: primary,
    supportedAggregationTypes: ['Average', 'Count', 'Minimum', 'Maximum', 'Total'],
    metricAvailabilities: Object.keys(GRAINS).map((timeGrain) => ({ timeGrain, retention: 'P7D' })),
    dimensions: dimensions.map((one) => ({ value: one, localizedValue: one })),
  }
}

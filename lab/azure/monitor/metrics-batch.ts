import { z } from 'zod'
import type { Azure } from '../arm/azure.ts'
import { Refusal } from '../arm/errors.ts'
import { keyOf, subscriptionOf } from '../arm/ids.ts'
import type { DataCall } from '../data/call.ts'
import { regionCode } from '../regions.ts'
import { bodyOf, parsed, resourceFor } from './bodies.ts'
import { queryMetrics, second } from './metrics-query.ts'
import { timespanOf } from './timespan.ts'

export const METRICS_HOST = /^([a-z0-9]+)\.metrics\.monitor\.azure\.com$/

const MOST_RESOURCES = 50
const Ids = z.object({ resourceids: z.array(z.string().startsWith('/')).min(1).max(MOST_RESOURCES) })

/** One subscription, region and type for all (azure-facts 9.4). */
export function metricsBatch(subscription: string, call: DataCall, azure: Azure): object {
  const query = [...new URL(`https://${call.host}${call.path}`).searchParams]
  // Clients of different versions write the same names in different cases.
  const parameters = new Map(query.map(([name, value]) => [name.toLowerCase(), value]))
  const given = (name: string) => parameters.get(name)
  const namespace = given('metricnamespace') ?? ''
  const { resourceids } = parsed(Ids, bodyOf(call))
  const resources = resourceids.map((id) => resourceFor(id, azure))
  const region = METRICS_HOST.exec(call.host)?.[1] ?? regionCode(resources[0]?.location ?? '')
  for (const { id, type, location = '' } of resources) {
    if (keyOf(subscriptionOf(id)) !== keyOf(subscription)) throw unfitFor(id, 'subscription')
    if (regionCode(location) !== region) throw unfitFor(id, 'region')
    if (keyOf(type) !== keyOf(namespace)) throw unfitFor(id, 'metric namespace')
  }
  const [start, end] = [given('starttime'), given('endtime')]
  const until = end ?? second(azure.clock.now())
  const span = timespanOf(start ? `${start}/${until}` : undefined, Date.parse(until))
  return {
    values: resources.map((resource) => ({
      starttime: second(span.from),
      endtime: second(span.until),
      resourceid: resource.id,
      ...queryMetrics(
        resource,
        {
          namespace,
          metricNames: given('metricnames'),
          span,
          interval: given('interval'),
          aggregation: given('aggregation'),
          filter: given('filter'),
          top: given('top'),
          orderBy: given('orderby'),
        },
        azure,
      ),
    })),
  }
}

const unfitFor = (id: string, what: string) =>
  new Refusal(400, 'BadRequest', `The resource ${id} is not of the ${what} of this request.`)

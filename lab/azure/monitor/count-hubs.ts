import type { Azure } from '../arm/azure.ts'
import { nameOf, parentOf } from '../arm/ids.ts'
import { allHubs, newestEvent } from '../event-hubs.ts'
import { type MetricMinute, MINUTE_MS, minuteOf } from './minutes.ts'

/** Up to which event a hub has been counted, beside the number of its newest. */
const countedOf = (key: string) => `counted event ${key}`

/**
 * What came to hubs since they were last counted, as IncomingMessages of their namespaces, for the minute that ends now. Taken once: what is
 * returned counts as counted.
 */
export function countHubs(azure: Azure): MetricMinute[] {
  const { attempts } = azure.world
  return [...allHubs(azure)].flatMap(([key, hub]) => {
    const newest = newestEvent(key, azure)
    const came = newest - (attempts.get(countedOf(key)) ?? 0)
    if (came === 0) return []
    attempts.put(countedOf(key), newest)
    return [
      {
        resourceId: parentOf(hub.id),
        minute: minuteOf(azure.clock.now() - MINUTE_MS),
        cells: [
          {
            dimensions: { EntityName: nameOf(hub.id) },
            measures: { incoming: { count: came, sum: came, least: 1, most: 1 } },
          },
        ],
      },
    ]
  })
}

import { z } from 'zod'
import { eventsSince, hubNamed, keepEvent } from '../../event-hubs.ts'
import { HealthRequest, tellHealth } from '../../monitor/health.ts'
import { type Doors, ok, refused, withBody } from './door.ts'

/** A text is sent as it is, anything else as JSON. */
const Events = z.array(z.unknown())

/** Event hubs, and what Azure tells through them by itself. */
export const eventDoors: Doors = {
  'GET eventhubs/*': ({ azure, store, asked, rest }) => {
    const most = Number(asked.url.searchParams.get('most') ?? Number.POSITIVE_INFINITY)
    const since = Number(asked.url.searchParams.get('since') ?? 0)
    // Nobody hears of an event that a death of this process could still undo.
    store.commit()
    return ok(eventsSince(rest, since, azure, most))
  },
  'POST eventhubs/*': (at) => {
    const hub = hubNamed(at.rest, at.azure)
    if (!hub) return refused(404, `there is no event hub ${at.rest}`)
    return withBody(Events, at, (events) => {
      for (const event of events)
        keepEvent(hub, typeof event === 'string' ? event : JSON.stringify(event), at.azure)
      at.store.commit()
      return { status: 202 }
    })
  },
  'POST health': (at) =>
    withBody(HealthRequest, at, (request) => {
      const known = tellHealth(request, at.azure)
      at.store.commit()
      return known ? { status: 202 } : refused(404, `there is no ${request.resourceId}`)
    }),
}

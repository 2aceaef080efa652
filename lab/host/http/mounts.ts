// What the host serves under prefixes that no function can have: Durable's HTTP API, twice, and the lab's own way in for events.

import type { TaskHub } from '../durable/hub.ts'
import { systemKey } from '../durable/hub.ts'
import type { EventHubs } from '../events/event-hubs.ts'
import type { Mount } from './front.ts'
import { masterKey, presentsKey } from './keys.ts'
import type { Received } from './request.ts'
import { sendEmpty, sendJson } from './response.ts'

const rpcPrefix = '/durabletask'
const webhookPrefix = '/runtime/webhooks/durabletask'
const eventsPrefix = '/_lab/eventhubs'

export function mounts(options: {
  hub: TaskHub
  eventHubs: EventHubs
  origin: string
  keysRequired: boolean
}): Record<string, Mount> {
  const { hub, eventHubs, origin, keysRequired } = options
  const durable =
    (prefix: string): Mount =>
    async ({ method, url, headers, body }, to) => {
      const path = url.pathname.slice(prefix.length)
      const request = { method, path, query: url.searchParams, headers, body: body.toString() }
      const reply = await hub.handle({ ...request, origin, url: url.href })
      if (reply.body === undefined) sendEmpty(to, reply.status, reply.headers)
      else sendJson(to, reply.status, reply.body, reply.headers)
    }
  const webhook = durable(webhookPrefix)

  return {
    // The SDK's client calls this one, from inside the process, without a key.
    [rpcPrefix]: durable(rpcPrefix),
    [webhookPrefix]: (request, to) =>
      keysRequired && !presentsKey(request, systemKey, masterKey) ? sendEmpty(to, 401) : webhook(request, to),
    [eventsPrefix]: (request, to) => {
      const bodies = request.method === 'POST' ? readEvents(request) : null
      if (!bodies) return sendJson(to, 400, { error: `POST a JSON array of events to ${eventsPrefix}/{hub}` })
      const name = decodeURIComponent(request.url.pathname.slice(eventsPrefix.length + 1))
      if (!eventHubs.publish(name, bodies))
        return sendJson(to, 404, { error: `no function is triggered by the event hub '${name}'` })
      sendEmpty(to, 202)
    },
  }
}

/** An event that is a text is its body; anything else is sent as JSON. */
function readEvents({ body }: Received): string[] | null {
  try {
    const events: unknown = JSON.parse(body.toString())
    return Array.isArray(events) ? events.map(eventText) : null
  } catch {
    return null
  }
}

export const eventText = (event: unknown) => (typeof event === 'string' ? event : JSON.stringify(event))

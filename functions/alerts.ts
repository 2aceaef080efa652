import type { EventHubHandler, InvocationContext } from '@azure/functions'
import * as z from 'zod'
import { type Alert, readEvent } from '../src/alerts/read.ts'
import { type Received, record } from '../src/alerts/record.ts'
import { showAlerts } from '../src/alerts/show.ts'
import type { Store } from '../src/store/store.ts'
import { problem } from './problem.ts'
import type { Handler } from './route.ts'

const weekMs = 7 * 24 * 3_600_000

/** What is done about alerts, new ones or not: a batch may have been handed over before, and the app have died after the first row. */
export type Alarmed = (alerts: Alert[], nowMs: number, context: InvocationContext) => Promise<void>

/** The Event Hub door: alerts of Azure Monitor, by way of an action group. It throws only when the tables do; then the host hands the batch over again. */
export const receiveAlerts =
  (store: Store, alarmed: Alarmed): EventHubHandler<unknown> =>
  async (messages, context) => {
    const nowMs = Date.now()
    const events = received(Array.isArray(messages) ? messages : [messages], context, nowMs)
    const { fresh, known, garbage } = await record(store, events, nowMs)
    for (const { kind, condition, rule } of fresh) context.log(`${kind} ${condition}: ${rule}`)
    for (const { reason } of garbage)
      context.warn(`an event of the alerts' hub went to the dead letters: ${reason}`)
    if (known > 0) context.log(`${known} were known already`)
    const told = events.flatMap(({ body }) => readEvent(body)).filter((one) => one.kind !== 'garbage')
    await alarmed(told, nowMs, context)
  }

const Places = z.object({
  partitionContext: z.object({ partitionId: z.string().max(20) }),
  sequenceNumberArray: z.array(z.number()),
  enqueuedTimeUtcArray: z.array(z.string()),
})

/** Each event with its place in the hub. Without one (fired by hand) it is told from others by this invocation alone. */
function received(
  messages: unknown[],
  { triggerMetadata, invocationId }: InvocationContext,
  nowMs: number,
): Received[] {
  const places = Places.safeParse(triggerMetadata).data
  return messages.map((body, index) => {
    const number = places?.sequenceNumberArray[index]
    const enqueuedMs = Date.parse(places?.enqueuedTimeUtcArray[index] ?? '')
    return places && number !== undefined && !Number.isNaN(enqueuedMs)
      ? { body, enqueuedMs, place: `${places.partitionContext.partitionId}-${number}` }
      : { body, enqueuedMs: nowMs, place: `${invocationId}-${index}` }
  })
}

const Query = z.object({
  environment: z.string().optional(),
  since: z.iso.datetime({ offset: true }).optional(),
})

/** `GET /api/alerts?environment={name}&since={time}`: what Azure Monitor told of, of the last week unless said otherwise. */
export const getAlerts: Handler = async ({ request, app }) => {
  const query = Query.safeParse(Object.fromEntries(request.query))
  if (!query.success)
    return problem({
      status: 400,
      reason: 'invalid-since',
      detail: 'since is a time such as 2026-11-25T00:00:00Z.',
    })
  const { environment, since } = query.data
  const sinceMs = since === undefined ? Date.now() - weekMs : Date.parse(since)
  return { jsonBody: await showAlerts(app.store, { environment, sinceMs }) }
}

import type { Azure } from '../arm/azure.ts'
import { keyOf, sameId } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { hubNamed, keepEvent } from '../event-hubs.ts'

/** On its way to an event hub: written with the alert's state, gone with the event, so that a kill neither loses nor repeats one. */
export type Notification = { hub: string; body: string; times: number }

export const DELIVER = 'deliver alert'
/** Of all notifications, those that arrive twice: an action group delivers at least once. */
const TWICE_SHARE = 0.1

type Action = { actionGroupId: string; webHookProperties?: Record<string, string> | null | undefined }
type Receiver = {
  eventHubNameSpace: string
  eventHubName: string
  subscriptionId: string
  useCommonAlertSchema?: boolean
}

/** To every event hub of the action groups that are there and enabled (azure-facts 10.3). */
export function notify(
  actions: Action[],
  payloadFor: (properties: Record<string, string>) => object,
  azure: Azure,
): void {
  for (const { actionGroupId, webHookProperties } of actions) {
    const group = azure.find(actionGroupId)
    if (!group?.properties['enabled']) continue
    const body = JSON.stringify(payloadFor(webHookProperties ?? {}))
    for (const receiver of receiversOf(group)) send(receiver, body, azure)
  }
}

/** The old schemas are not simulated: whoever does not ask for the common one hears nothing. */
const receiversOf = ({ properties }: Resource): Receiver[] =>
  ((properties['eventHubReceivers'] ?? []) as Receiver[]).filter(
    ({ useCommonAlertSchema }) => useCommonAlertSchema,
  )

function send(
  { eventHubNameSpace, eventHubName, subscriptionId }: Receiver,
  body: string,
  azure: Azure,
): void {
  if (!sameId(subscriptionId, azure.subscriptionId)) return
  const hub = keyOf(`${eventHubNameSpace}/${eventHubName}`)
  const turn = azure.attempt(`notification ${hub}`)
  const times = azure.draw.fraction('alert twice', hub, turn) < TWICE_SHARE ? 2 : 1
  const id = `${hub} ${turn}`
  azure.world.notifications.put(id, { hub, body, times })
  const at = azure.clock.now() + azure.delayMs('alertDelivered', hub, turn)
  azure.agenda.add({ at, what: DELIVER, subject: id })
}

/** A hub that is not there any more gets nothing, and nobody hears of that. */
export function deliver(id: string, azure: Azure): void {
  const notification = azure.world.notifications.get(id)
  if (!notification) return
  const hub = hubNamed(notification.hub, azure)
  for (let time = 0; hub && time < notification.times; time++) keepEvent(hub, notification.body, azure)
  azure.world.notifications.delete(id)
}

import type { Azure } from './arm/azure.ts'
import { keyOf, nameOf, parentOf } from './arm/ids.ts'
import type { Resource } from './arm/kind.ts'
import { perRevision } from './arm/per-revision.ts'
import { iso } from './clock.ts'

/** An event as a hub keeps it: numbers begin with 1 and have no gaps. */
export type HubEvent = { hub: string; number: number; at: string; body: string }

const HUB = 'Microsoft.EventHub/namespaces/eventhubs'
/** Of each hub, the newest so many. */
const KEPT = 10_000

/** Namespaces have their names from all of Azure: `{namespace}/{hub}` is one hub. */
const keyOfHub = (hub: Resource) => keyOf(`${nameOf(parentOf(hub.id))}/${nameOf(hub.id)}`)
const counterOf = (key: string) => `event ${keyOf(key)}`

const hubsByKey = perRevision((azure) => new Map(azure.all(HUB).map((hub) => [keyOfHub(hub), hub])))

/** The hub of `{namespace}/{hub}`; of a name alone, the first hub that bears it. */
export function hubNamed(name: string, azure: Azure): Resource | undefined {
  const hubs = hubsByKey(azure)
  const key = keyOf(name)
  return key.includes('/') ? hubs.get(key) : [...hubs].find(([one]) => one.endsWith(`/${key}`))?.[1]
}

/** Puts an event at the end of a hub. Who may send is the sender's business. */
export function keepEvent(hub: Resource, body: string, azure: Azure): void {
  const key = keyOfHub(hub)
  const number = azure.attempt(counterOf(key))
  const { events } = azure.world
  events.put(`${key}#${number}`, { hub: nameOf(hub.id), number, at: iso(azure.clock.now()), body })
  if (number > KEPT) events.delete(`${key}#${number - KEPT}`)
}

/** All hubs, by `{namespace}/{hub}` in lower case. */
export const allHubs = (azure: Azure): Iterable<[key: string, hub: Resource]> => hubsByKey(azure)

/** The number of the newest event of `{namespace}/{hub}`; 0 where there is none. Cheap: the clock asks it at every jump. */
export const newestEvent = (key: string, azure: Azure): number =>
  azure.world.attempts.get(counterOf(key)) ?? 0

/** The events of a hub, named as above, after that number, oldest first, at most so many; none of a hub that is not there. */
export function eventsSince(
  name: string,
  since: number,
  azure: Azure,
  most = Number.POSITIVE_INFINITY,
): HubEvent[] {
  const hub = hubNamed(name, azure)
  if (!hub) return []
  const key = keyOfHub(hub)
  const newest = newestEvent(key, azure)
  const found: HubEvent[] = []
  for (
    let number = Math.max(since, newest - KEPT, 0) + 1;
    number <= newest && found.length < most;
    number++
  ) {
    const event = azure.world.events.get(`${key}#${number}`)
    if (event) found.push(event)
  }
  return found
}

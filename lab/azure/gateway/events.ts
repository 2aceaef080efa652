import type { Azure } from '../arm/azure.ts'
import { nameOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { hubNamed, keepEvent } from '../event-hubs.ts'
import { namedValueIn } from '../providers/api-management/named-values.ts'
import { holds } from '../providers/authorization/assigned.ts'
import { entityIn } from './configuration.ts'
import { principalOf } from './identity.ts'
import type { Running } from './running.ts'

/** Azure Event Hubs Data Sender, and Data Owner: azure-facts 8.1. */
const MAY_SEND = ['2b629674-e913-4c01-ae53-ef4638d8f975', 'f526a384-b230-433a-b45c-95f59c4a2dec']
const LONGEST = 200 * 1024

/** An event that cannot be delivered is dropped and counted; the call never hears of it. */
export function tellEventHub(logger: string, body: string, { configuration, world }: Running): void {
  const { azure } = world
  const entity = entityIn(configuration, 'loggers', logger)
  const hub = entity && hubOf(entity, azure)
  const principal = principalOf(configuration.service, world)
  if (hub && takes(hub) && principal && holds(principal, MAY_SEND, hub.id, azure.clock.now(), azure)) {
    keepEvent(hub, body.slice(0, LONGEST), azure)
    return
  }
  const name = hub ? nameOf(hub.id) : logger
  world.droppedEvents.set(name, (world.droppedEvents.get(name) ?? 0) + 1)
}

/** Disabled and SendDisabled hubs take nothing; others, and those that say nothing, do. */
const takes = ({ properties }: Resource): boolean =>
  !/^(Disabled|SendDisabled)$/.test(String(properties['status']))

/** By the service's own identity only: a logger with a key, or another identity, reaches no hub here. */
function hubOf({ id, properties }: Resource, azure: Azure): Resource | undefined {
  const { loggerType, credentials } = properties as {
    loggerType: string
    credentials?: Record<string, string>
  }
  const pointer = credentials?.['identityClientId'] ?? ''
  const identity = namedValueIn(pointer, id, azure)?.properties['value'] ?? pointer
  if (loggerType !== 'azureEventHub' || identity !== 'SystemAssigned') return undefined
  const namespace = credentials?.['endpointAddress']?.split('.')[0] ?? ''
  return hubNamed(`${namespace}/${credentials?.['name']}`, azure)
}

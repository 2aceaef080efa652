import type { Azure } from '../arm/azure.ts'
import { keyOf, nameOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { perRevision } from '../arm/per-revision.ts'
import type { Arrival, DataAnswer, Send, Service } from '../data/call.ts'
import { SERVICE } from '../providers/api-management/entity.ts'
import type { Tokens } from '../tokens.ts'
import { type Answered, answerOf } from './answer.ts'
import { type GatewayWorld, type Switches, usualSwitches } from './gateway-world.ts'
import { beginLearning, type Learning, learn } from './learning.ts'
import { serve } from './serve.ts'
import { unplayedIn } from './unplayed.ts'

/**
 * The runtime of API Management: what stands in ARM, executed. A call goes to one of the units of the service its host names; the unit
 * finds API and operation, admits the caller, and runs the policies of all scopes. Nothing is guessed: what a policy says and the lab
 * does not play is answered 500 and named.
 */
export type Gateway = {
  plane: 'gateway'
  owns(host: string): boolean
  answer: Service
  /** What in the policies of a service would be answered 500: `{policy id}: {what}`. */
  unplayed(serviceId: string): string[]
  switches: Switches
  /** By hub: events that could not be delivered. */
  droppedEvents(): Record<string, number>
}

export type GatewayParts = {
  azure: Azure
  tokens: Tokens
  send: Send
  /** Default: everything. */
  reaches?: GatewayWorld['reaches']
  switches?: Partial<Switches>
  /** Told of every answer: a streamed one when its body has ended. */
  onAnswered?: (answered: Answered) => void
}

const STATUS_PATH = '/status-0123456789abcdef'

export function createGateway({
  azure,
  tokens,
  send,
  reaches = () => true,
  switches = {},
  onAnswered,
}: GatewayParts): Gateway {
  const world: GatewayWorld = {
    azure,
    tokens,
    send,
    reaches,
    switches: { ...usualSwitches, ...switches },
    documents: new Map(),
    identityTokens: new Map(),
    droppedEvents: new Map(),
  }
  const learnings = new Map<string, Learning>()
  let calls = 0

  /** The units of a service as they are now; a service that was made anew under its name starts anew. */
  const unitsOf = (service: Resource) => {
    const key = `${keyOf(service.id)} ${service.createdAt}`
    const learning = learnings.get(key) ?? beginLearning(service, world)
    learnings.set(key, learning)
    learn(learning, service, world)
    return learning.units
  }

  return {
    plane: 'gateway',
    switches: world.switches,
    owns: (host) => servicesByHost(azure).has(host),
    unplayed: (serviceId) => unplayedIn(serviceId, world),
    droppedEvents: () => Object.fromEntries(world.droppedEvents),
    answer: async (call, arrival) => {
      const service = servicesByHost(azure).get(call.host)
      if (!service) throw new Error(`no service owns ${call.host}`)
      checkArrival(service, arrival)
      if (call.path.split('?')[0] === STATUS_PATH) return operational
      const units = unitsOf(service)
      calls += 1
      const turn = Math.floor(azure.draw.fraction('unit', keyOf(service.id), calls) * units.length)
      const unit = units[turn]
      if (!unit) throw new Error(`${service.id} has no units`)
      return answerOf(await serve(call, unit, world), onAnswered)
    },
  }
}

const operational: DataAnswer = { status: 200, headers: {}, body: '', tookMs: 0 }

/** Services that have come up once. While one is updated it goes on answering. */
const servicesByHost = perRevision(
  (azure) =>
    new Map<string, Resource>(
      azure
        .all(SERVICE)
        .filter(({ settledAt, assigned }) => settledAt !== null && assigned['gatewayUrl'] !== undefined)
        .map((service) => [`${nameOf(service.id).toLowerCase()}.azure-api.net`, service]),
    ),
)

/** In internal mode there is one door (azure-facts 2.2), and the network knows it. */
function checkArrival({ id, properties }: Resource, arrival: Arrival): void {
  const isOwn = arrival.by === 'virtual-network' && keyOf(arrival.serviceId) === keyOf(id)
  if (properties['virtualNetworkType'] === 'Internal' && !isOwn)
    throw new Error(`${id} is internal, and a call arrived by ${arrival.by}`)
}

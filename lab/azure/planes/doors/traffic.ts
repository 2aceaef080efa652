import { z } from 'zod'
import { DialRequest } from '../../network/entrances.ts'
import { SERVICE } from '../../providers/api-management/entity.ts'
import type { Simulation } from '../../simulation.ts'
import { TrafficRequest } from '../../traffic/request.ts'
import { type Answer, type Doors, ok, refused, withBody } from './door.ts'

const Switches = z
  .strictObject({
    units: z.int().min(1).max(31),
    poolPutResetsBreakers: z.boolean(),
    failedForward: z.enum(['raises', 'continues']),
    exhaustedPool: z.enum(['answers', 'raises']),
  })
  .partial()

/** The way into the network, who goes it, and what the gateway makes of it. */
export const trafficDoors: Doors = {
  'POST network/dial': (at) => withBody(DialRequest, at, async (request) => ok(await at.dial(request))),
  'GET traffic': ({ traffic }) => ok(traffic.list()),
  'POST traffic': (at) => withBody(TrafficRequest, at, (request) => played(request, at)),
  'GET gateway': ({ azure, gateway }) =>
    ok({
      switches: gateway.switches,
      unplayed: azure.all(SERVICE).flatMap(({ id }) => gateway.unplayed(id)),
      droppedEvents: gateway.droppedEvents(),
    }),
  'POST gateway/switches': (at) =>
    withBody(Switches, at, (given) => {
      const said = Object.entries(given).filter(([, value]) => value !== undefined)
      return ok(Object.assign(at.gateway.switches, Object.fromEntries(said)))
    }),
}

function played(request: TrafficRequest, { traffic, store }: Simulation): Answer {
  try {
    if ('stop' in request) return traffic.stop(request.stop) ? ok({ id: request.stop }) : { status: 404 }
    return { status: 201, body: { id: traffic.start(request.start) } }
  } catch (error) {
    return refused(400, error instanceof Error ? error.message : String(error))
  } finally {
    store.commit()
  }
}

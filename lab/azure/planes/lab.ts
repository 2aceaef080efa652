import { z } from 'zod'
import { show } from '../arm/show.ts'
import { issueLeaf, type KeyPair } from '../certificates.ts'
import { iso } from '../clock.ts'
import { eventsSince, hubNamed, keepEvent } from '../event-hubs.ts'
import type { Asked } from '../exchange.ts'
import { FaultRequest } from '../faults.ts'
import { HealthRequest, tellHealth } from '../monitor/health.ts'
import { DialRequest, type Entrances } from '../network/entrances.ts'
import type { Simulation } from '../simulation.ts'
import { restore, Snapshot, snapshot } from '../snapshot.ts'
import { ClockRequest, IdleQuestion } from '../timekeeper.ts'
import { TrafficRequest } from '../traffic/request.ts'

type Answer = { status: number; body?: unknown }

/** The lab's own doors, /_lab/…: no token, no journal, not a call in flight. lab/README.md is their contract. */
export type LabDoors = {
  simulation: Simulation
  authority: KeyPair
  about(): object
  dial: Entrances['dial']
}

const Certificates = z.strictObject({ names: z.array(z.string().min(1)).min(1) })
/** A text is sent as it is, anything else as JSON. */
const Events = z.array(z.unknown())
const TokenRequest = z.strictObject({
  audience: z.string().min(1),
  roles: z.array(z.string()).default([]),
  name: z.string().optional(),
  objectId: z.string().min(1),
})

export async function labPlane(
  asked: Asked,
  { simulation, authority, about, dial }: LabDoors,
): Promise<Answer> {
  const { azure, clock, faults, timekeeper, journal, tokens, store } = simulation
  const path = asked.url.pathname.replace(/^\/_lab\/?/, '').replace(/\/$/, '')
  const [door = '', ...rest] = path.split('/')
  switch (`${asked.method} ${['faults', 'eventhubs'].includes(door) ? door : path}`) {
    case 'GET ':
      return ok(about())
    case 'GET resources':
      return ok([...azure.world.resources.values()].map((resource) => show(resource, azure)))
    case 'GET journal':
      return ok(journal.since(Number(asked.url.searchParams.get('since') ?? 0)))
    case 'GET eventhubs': {
      const most = Number(asked.url.searchParams.get('most') ?? Number.POSITIVE_INFINITY)
      const since = Number(asked.url.searchParams.get('since') ?? 0)
      // Nobody hears of an event that a death of this process could still undo.
      store.commit()
      return ok(eventsSince(rest.join('/'), since, azure, most))
    }
    case 'POST eventhubs': {
      const hub = hubNamed(rest.join('/'), azure)
      if (!hub) return { status: 404, body: { error: `there is no event hub ${rest.join('/')}` } }
      return withBody(Events, asked, (events) => {
        for (const event of events)
          keepEvent(hub, typeof event === 'string' ? event : JSON.stringify(event), azure)
        store.commit()
        return { status: 202 }
      })
    }
    case 'GET faults': {
      if (!rest[0]) return ok(faults.list())
      const fault = faults.list().find(({ id }) => id === rest[0])
      return fault ? ok(fault) : { status: 404 }
    }
    case 'POST faults':
      return withBody(FaultRequest, asked, (request) => {
        const { id } = faults.add(request)
        store.commit()
        return { status: 201, body: { id } }
      })
    case 'DELETE faults': {
      const known = faults.remove(rest[0] ?? '')
      store.commit()
      return { status: known ? 204 : 404 }
    }
    case 'GET clock':
      return ok(clockState(simulation))
    case 'POST clock':
      return withBody(ClockRequest, asked, async (request) => {
        if ('speed' in request) timekeeper.setSpeed(request.speed)
        else await timekeeper.advance(request.advanceSeconds)
        return ok(clockState(simulation))
      })
    case 'POST clock/idle':
      return withBody(IdleQuestion, asked, async (question) => ok(await timekeeper.idle(question)))
    case 'GET state':
      return ok(snapshot(store, clock))
    case 'POST state':
      return withBody(Snapshot, asked, (given) => {
        restore(given, store, clock)
        return ok(clockState(simulation))
      })
    case 'POST network/dial':
      return withBody(DialRequest, asked, async (request) => ok(await dial(request)))
    case 'GET traffic':
      return ok(simulation.traffic.list())
    case 'POST traffic':
      return withBody(TrafficRequest, asked, (request) => trafficAnswer(request, simulation))
    case 'POST health':
      return withBody(HealthRequest, asked, (request) => {
        const known = tellHealth(request, azure)
        store.commit()
        return known ? { status: 202 } : { status: 404, body: { error: `there is no ${request.resourceId}` } }
      })
    case 'POST certificates':
      return withBody(Certificates, asked, async ({ names }) => ok(await issueLeaf(authority, names)))
    case 'POST tokens':
      return withBody(TokenRequest, asked, async ({ name, ...request }) => {
        const { token } = await tokens.issue({ ...request, ...(name ? { name } : {}) })
        return ok({ token })
      })
    case 'GET jwks':
      return ok(await tokens.jwks())
    default:
      return { status: 404, body: { error: `the lab has no door ${asked.method} /_lab/${path}` } }
  }
}

const ok = (body: unknown): Answer => ({ status: 200, body })

const clockState = ({ clock, timekeeper }: Simulation) => ({
  now: iso(clock.now()),
  offsetMs: clock.offsetMs(),
  speed: timekeeper.speed(),
})

function trafficAnswer(request: TrafficRequest, { traffic, store }: Simulation): Answer {
  try {
    if ('stop' in request) return traffic.stop(request.stop) ? ok({ id: request.stop }) : { status: 404 }
    return { status: 201, body: { id: traffic.start(request.start) } }
  } catch (error) {
    return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } }
  } finally {
    store.commit()
  }
}

async function withBody<T>(
  shape: z.ZodType<T>,
  { body }: Asked,
  answer: (request: T) => Answer | Promise<Answer>,
): Promise<Answer> {
  const request = shape.safeParse(body)
  return request.success
    ? answer(request.data)
    : { status: 400, body: { error: z.prettifyError(request.error) } }
}

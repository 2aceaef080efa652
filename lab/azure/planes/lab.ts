import { z } from 'zod'
import { show } from '../arm/show.ts'
import { issueLeaf, type KeyPair } from '../certificates.ts'
import { iso } from '../clock.ts'
import type { Asked } from '../exchange.ts'
import { FaultRequest } from '../faults.ts'
import type { Simulation } from '../simulation.ts'
import { restore, Snapshot, snapshot } from '../snapshot.ts'
import { ClockRequest, IdleQuestion } from '../timekeeper.ts'

type Answer = { status: number; body?: unknown }

/** The lab's own doors, /_lab/…: no token, no journal, not a call in flight. lab/README.md is their contract. */
export type LabDoors = { simulation: Simulation; authority: KeyPair; about(): object }

const Certificates = z.strictObject({ names: z.array(z.string().min(1)).min(1) })
const TokenRequest = z.strictObject({
  audience: z.string().min(1),
  roles: z.array(z.string()).default([]),
  name: z.string().optional(),
  objectId: z.string().min(1),
})

export async function labPlane(asked: Asked, { simulation, authority, about }: LabDoors): Promise<Answer> {
  const { azure, clock, faults, timekeeper, journal, tokens, store } = simulation
  const path = asked.url.pathname.replace(/^\/_lab\/?/, '').replace(/\/$/, '')
  const [door = '', ...rest] = path.split('/')
  switch (`${asked.method} ${door === 'faults' ? door : path}`) {
    case 'GET ':
      return ok(about())
    case 'GET resources':
      return ok([...azure.world.resources.values()].map((resource) => show(resource, azure)))
    case 'GET journal':
      return ok(journal.since(Number(asked.url.searchParams.get('since') ?? 0)))
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
      return withBody(IdleQuestion, asked, (question) => ok(timekeeper.idle(question)))
    case 'GET state':
      return ok(snapshot(store, clock))
    case 'POST state':
      return withBody(Snapshot, asked, (given) => {
        restore(given, store, clock)
        return ok(clockState(simulation))
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

import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Carried } from './arm/call.ts'
import { errorBody, type Fault, Refusal } from './arm/errors.ts'
import { ConnectionReset, type Forced } from './arm/mishaps.ts'
import { canned } from './canned.ts'
import { iso } from './clock.ts'
import { jsonOf } from './data/bodies.ts'
import type { DataCall } from './data/call.ts'
import { type Asked, readRequest, sendJson } from './exchange.ts'
import type { Injected } from './faults.ts'
import { isMonitorPath } from './monitor/doors.ts'
import { type ArmPlane, armHeaders, refused } from './planes/arm.ts'
import type { LabDoors } from './planes/doors/door.ts'
import { labPlane } from './planes/lab.ts'
import { tokenPlane } from './planes/token.ts'
import type { Identity } from './worlds/world.ts'

type Doors = LabDoors & { identity: Identity }
type Plane = 'arm' | 'token' | 'monitor' | 'other'

/** `reset`: the connection dies and nothing was done. */
type Outcome = Carried | 'reset'

export const answering = (doors: Doors) => (request: IncomingMessage, response: ServerResponse) => {
  const { timekeeper, store } = doors.simulation
  const isLab = /^\/_lab(\/|\?|$)/.test(request.url ?? '')
  if (!isLab) timekeeper.enter()
  const answered = isLab
    ? answerLab(doors, request, response)
    : answerCloud(doors, request, response).finally(timekeeper.leave)
  answered.catch((error: unknown) => {
    // The caller hung up while being read.
    if (response.destroyed) return
    console.error(error)
    store.refuse()
    if (response.headersSent) response.destroy()
    else sendJson(response, 500, {}, errorBody({ code: 'InternalServerError', message: String(error) }))
  })
}

async function answerLab(doors: Doors, request: IncomingMessage, response: ServerResponse) {
  const { status, body } = await labPlane(await readRequest(request), doors)
  sendJson(response, status, {}, body)
}

/** Reads, lets faults strike, carries out, writes the journal, commits; only then does anybody hear of it. */
async function answerCloud(doors: Doors, request: IncomingMessage, response: ServerResponse) {
  const { azure, faults, journal, arm, store } = doors.simulation
  const asked = await readRequest(request)
  const startedAt = azure.clock.now()
  const startedWall = performance.now()
  const plane = planeOf(asked)
  const fault = faults.strike(plane, asked.method, asked.path)
  if (fault?.do.delaySeconds) await sleep(fault.do.delaySeconds * 1000)
  const caller = plane === 'arm' ? await callerOf(arm, asked) : null
  const elsewhere = fault?.do.reset ? undefined : await answeredElsewhere(doors, asked, plane, fault)

  // From here to the commit nothing waits: what is done and its row in the journal become durable together.
  azure.agenda.settle(azure.clock.now())
  store.commit()
  const outcome = fault?.do.reset ? 'reset' : (elsewhere ?? carriedOut(doors, asked, plane, caller, fault))
  const dead = outcome === 'reset' || outcome.lost || fault?.do.loseResponse === true
  journal.append({
    at: iso(startedAt),
    ms: Math.round(performance.now() - startedWall),
    plane,
    method: asked.method,
    url: asked.path,
    apiVersion: asked.url.searchParams.get('api-version'),
    status: outcome === 'reset' ? null : outcome.status,
    caller: typeof caller === 'string' ? caller : plane === 'token' ? doors.identity.principalId : null,
    requestBody: asked.body ?? null,
    ...(fault ? { fault: fault.id } : {}),
  })
  store.commit()
  if (dead) {
    request.socket.destroy()
    return
  }
  sendJson(
    response,
    outcome.status,
    {
      Date: new Date(azure.clock.now()).toUTCString(),
      ...(plane === 'arm' ? armHeaders() : {}),
      ...outcome.headers,
      ...fault?.do.headers,
    },
    asked.method === 'HEAD' ? undefined : outcome.body,
  )
}

const PLANES: [Plane, owns: (path: string) => boolean][] = [
  ['token', (path) => path === '/msi/token'],
  ['monitor', isMonitorPath],
  ['arm', (path) => /^\/+(subscriptions|providers|tenants)(\/|$)/i.test(path)],
]

const planeOf = ({ url }: Asked): Plane => PLANES.find(([, owns]) => owns(url.pathname))?.[0] ?? 'other'

async function callerOf(arm: ArmPlane, asked: Asked): Promise<string | Refusal> {
  try {
    return await arm.authenticate(asked)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

/** Tokens and Azure Monitor have to look at a signature first, and change nothing that a refusal would undo. */
async function answeredElsewhere(
  doors: Doors,
  asked: Asked,
  plane: Plane,
  fault: Injected | undefined,
): Promise<Carried | undefined> {
  if (plane === 'token') return issued(doors, asked, fault)
  if (plane !== 'monitor') return undefined
  const { azure, monitor } = doors.simulation
  azure.agenda.settle(azure.clock.now())
  return canned(fault) ?? (await monitor.answer(callOf(asked), { by: 'internet' }))
}

const callOf = ({ method, url, path, headers, body }: Asked): DataCall => ({
  method,
  host: url.hostname,
  path,
  headers: Object.fromEntries(headers),
  body: body === undefined ? '' : jsonOf(body),
  gone: new AbortController().signal,
})

const issued = async ({ identity, simulation }: Doors, asked: Asked, fault: Injected | undefined) =>
  canned(fault) ?? tokenPlane(asked, identity, simulation.tokens, fault?.do.expiresInSeconds)

function carriedOut(
  { simulation: { arm, store } }: Doors,
  asked: Asked,
  plane: Plane,
  caller: string | Refusal | null,
  fault: Injected | undefined,
): Outcome {
  const instead = canned(fault)
  if (instead) return instead
  if (plane === 'other' || caller === null)
    return { status: 404, body: errorBody({ code: 'NotFound', message: `Nothing answers ${asked.path}.` }) }
  if (caller instanceof Refusal) return refused(caller)
  try {
    return arm.handle(asked, caller, forcedBy(fault))
  } catch (error) {
    if (!(error instanceof ConnectionReset)) throw error
    store.refuse()
    return 'reset'
  }
}

function forcedBy(fault: Injected | undefined): Forced {
  const { provisioning, body } = fault?.do ?? {}
  if (!provisioning) return {}
  const given = (body as { error?: Fault } | undefined)?.error ?? (body as Fault | undefined)
  return { provisioning, ...(given?.code ? { error: given } : {}) }
}

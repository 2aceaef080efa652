import type { Resource } from '../arm/kind.ts'
import type { DataCall } from '../data/call.ts'
import { admit } from './admission.ts'
import { errorResponse } from './error-response.ts'
import type { GatewayWorld } from './gateway-world.ts'
import { NotSimulated, PolicyError } from './problems.ts'
import { type Program, programFor } from './program.ts'
import { type Match, route } from './route.ts'
import { abandon, type Response, type Running } from './running.ts'
import type { Unit } from './unit.ts'

/** What became of a call, with all that is known of it. */
export type Served = {
  call: DataCall
  unit: Unit
  atMs: number
  response: Response
  /** Undefined: no operation of an API was found. */
  run: Running | undefined
}

/** One call in one unit, from the route to the response. */
export async function serve(call: DataCall, unit: Unit, world: GatewayWorld): Promise<Served> {
  const atMs = world.azure.clock.now()
  const { known: configuration } = unit
  const question = call.path.indexOf('?')
  const path = question < 0 ? call.path : call.path.slice(0, question)
  const query = question < 0 ? '' : call.path.slice(question + 1)
  const match = route(configuration.routes, call.method, path, query)
  const { operation } = match ?? {}
  if (!match || !operation)
    return { call, unit, atMs, run: undefined, response: errorResponse(404, 'Resource not found') }

  let run: Running | undefined
  try {
    const admitted = admission(match, call, query, unit)
    const program = programFor(
      { ...match, operation, product: admitted.product },
      configuration,
      world.documents,
    )
    run = newRun({ call, unit, world, match, operation, query, program, ...admitted })
    if (admitted.refused) await fail(admitted.refused, run, program)
    else await execute(run, program)
  } catch (error) {
    if (!(error instanceof NotSimulated)) throw error
    await abandon(run?.response ?? null)
    return { call, unit, atMs, run, response: errorResponse(500, error.message) }
  }
  return { call, unit, atMs, run, response: run.response ?? errorResponse(500, 'Internal server error') }
}

type Admitted = { subscription: Resource | null; product: Resource | null; refused?: PolicyError }

/** One that is not let in still meets the on-error sections of the API. */
function admission({ api }: Match, call: DataCall, query: string, { known }: Unit): Admitted {
  try {
    return admit(api, call.headers, query, known)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return { subscription: null, product: null, refused: error }
  }
}

type Starting = Admitted & {
  call: DataCall
  unit: Unit
  world: GatewayWorld
  match: Match
  operation: Resource
  query: string
  program: Program
}

function newRun({
  call,
  unit,
  world,
  match,
  operation,
  query,
  program,
  subscription,
  product,
}: Starting): Running {
  return {
    call,
    world,
    unit,
    configuration: unit.known,
    api: match.api,
    operation,
    parameters: match.parameters,
    subscription,
    product,
    requestId: crypto.randomUUID(),
    request: {
      method: call.method,
      headers: { ...call.headers },
      body: call.body === '' ? null : call.body,
      isRead: false,
      path: match.rest,
      query,
      url: `https://${call.host}${call.path}`,
    },
    response: null,
    variables: new Map(),
    elapsedMs: 0,
    target: undefined,
    backend: null,
    attempts: [],
    isEnded: false,
    here: { Source: 'authorization', Scope: 'api', Section: 'inbound' },
    lastError: null,
    readsResponseBody: program.readsResponseBody,
    metrics: [],
    afterwards: [],
    promisedHeaders: [],
  }
}

async function execute(run: Running, program: Program): Promise<void> {
  try {
    await program.inbound(run)
    if (!run.isEnded) await program.backend(run)
    if (!run.isEnded) await program.outbound(run)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    await fail(error, run, program)
  }
}

/** The on-error sections, over the answer that the error would have by itself; an error in there leaves a plain 500. */
async function fail(error: PolicyError, run: Running, program: Program): Promise<void> {
  const { status, message, headers } = error.answer
  await abandon(run.response)
  run.lastError = { ...run.here, Reason: error.reason, Message: error.message }
  run.response = errorResponse(status, message, headers)
  run.isEnded = false
  try {
    await program['on-error'](run)
  } catch (second) {
    if (!(second instanceof PolicyError)) throw second
    run.response = errorResponse(500, 'Internal server error')
  }
}

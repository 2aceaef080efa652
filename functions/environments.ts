import type { HttpResponseInit, InvocationContext } from '@azure/functions'
import { hash } from '../src/environment/canonical.ts'
import { type Begun, begin, type Request } from '../src/operations/begin.ts'
import { listEnvironments, showEnvironment } from '../src/operations/show.ts'
import { provenConditions } from '../src/probing/proof.ts'
import { allEnvironments } from '../src/store/store.ts'
import type { App } from './app.ts'
import { now } from './clock.ts'
import { documentIn, documentOrStored, refusedNow } from './document.ts'
import { proofIn } from './probes.ts'
import { notFound, problem } from './problem.ts'
import type { Handler } from './route.ts'

/** `PUT /api/environments/{name}`: validates, stores and starts; or joins the operation that carries out the same document. */
export const putEnvironment: Handler = async ({ request, context, app }) => {
  const read = await documentIn(await request.text(), request.params['name'] ?? '', app)
  if ('refused' in read) return read.refused
  return answerTo(await beginNow(app, context, { kind: 'provision', document: read.document }))
}

/** `POST /api/environments/{name}/repair`: makes the environment as its stored document says, again. */
export const repairEnvironment: Handler = async ({ request, context, app }) => {
  const name = request.params['name'] ?? ''
  const stored = await app.store.environments.get(allEnvironments, name)
  if (!stored) return notFound(`environment named ${name}`)
  const { document } = stored.value
  return refusedNow(document, app) ?? answerTo(await beginNow(app, context, { kind: 'repair', document }))
}

/**
 * `DELETE /api/environments/{name}?confirm={name}[&include=protected]`: takes away what the service has made. The home stays, and so do protected
 * resources unless they are included.
 */
export const deleteEnvironment: Handler = async ({ request, context, app }) => {
  const name = request.params['name'] ?? ''
  const stored = await app.store.environments.get(allEnvironments, name)
  if (!stored) return notFound(`environment named ${name}`)
  const include = request.query.get('include')
  if (request.query.get('confirm') !== name)
    return problem({
      status: 400,
      reason: 'not-confirmed',
      detail: `Repeat the name to confirm: ?confirm=${name}. Nothing was begun.`,
    })
  if (include !== null && include !== 'protected')
    return problem({
      status: 400,
      reason: 'unknown-include',
      detail: 'The only thing to include is protected. Nothing was begun.',
    })
  const includeProtected = include === 'protected'
  return answerTo(
    await beginNow(app, context, { kind: 'destroy', document: stored.value.document, includeProtected }),
  )
}

const beginNow = (app: App, context: InvocationContext, request: Request): Promise<Begun> =>
  begin(app.store, app.orchestrations(context), request, now())

function answerTo(begun: Begun): HttpResponseInit {
  const location = `/api/operations/${begun.operation}`
  return begun.is === 'busy'
    ? problem({
        status: 409,
        reason: 'operation-running',
        detail: `${begun.operation} is under way. Wait for it or cancel it, then ask again. Nothing was stored.`,
        headers: { location },
      })
    : { status: 202, headers: { location }, jsonBody: { operation: begun.operation } }
}

/** `POST /api/environments/{name}/plan`: what applying the document sent, or the stored one, would do. Writes nothing anywhere. */
export const planEnvironment: Handler = async ({ request, app }) => {
  const read = await documentOrStored(request, app)
  if ('refused' in read) return read.refused
  const { document } = read
  return {
    jsonBody: { environment: document.name, documentHash: hash(document), ...(await app.plan(document)) },
  }
}

/** `GET /api/environments/{name}` */
export const getEnvironment: Handler = async ({ request, app }) => {
  const name = request.params['name'] ?? ''
  const found = await showEnvironment(app.store, app.surroundings, name)
  if (!found) return notFound(`environment named ${name}`)
  const proven = provenConditions(await proofIn(app, found.document))
  return { jsonBody: { ...found, conditions: [...found.conditions, ...proven] } }
}

/** `GET /api/environments` */
export const getEnvironments: Handler = async ({ app }) => ({
  jsonBody: { environments: await listEnvironments(app.store) },
})

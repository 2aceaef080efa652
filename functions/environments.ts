import type { HttpResponseInit, InvocationContext } from '@azure/functions'
import { hash } from '../src/environment/canonical.ts'
import type { Fault } from '../src/environment/fault.ts'
import { parse } from '../src/environment/parse.ts'
import type { Document } from '../src/environment/schema.ts'
import { type Begun, begin, type Request } from '../src/operations/begin.ts'
import { listEnvironments, showEnvironment } from '../src/operations/show.ts'
import { allEnvironments } from '../src/store/store.ts'
import type { App } from './app.ts'
import { now } from './clock.ts'
import { notFound, problem } from './problem.ts'
import type { Handler } from './routes.ts'

/** `PUT /api/environments/{name}`: validates, stores and starts; or joins the operation that carries out the same document. */
export const putEnvironment: Handler = async ({ request, context, app }) => {
  const read = documentIn(await request.text(), request.params['name'] ?? '', app)
  if ('refused' in read) return read.refused
  return answerTo(await beginNow(app, context, { kind: 'provision', document: read.document }))
}

/** `POST /api/environments/{name}/repair`: makes the environment as its stored document says, again. */
export const repairEnvironment: Handler = async ({ request, context, app }) => {
  const name = request.params['name'] ?? ''
  const stored = await app.store.environments.get(allEnvironments, name)
  if (!stored) return notFound(`environment named ${name}`)
  return answerTo(await beginNow(app, context, { kind: 'repair', document: stored.value.document }))
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
  const name = request.params['name'] ?? ''
  const body = await request.text()
  const stored = body === '' ? await showEnvironment(app.store, app.surroundings, name) : undefined
  if (body === '' && !stored) return notFound(`environment named ${name}`)
  const read = stored ? { document: stored.document } : documentIn(body, name, app)
  if ('refused' in read) return read.refused
  const planned = await app.plan(read.document)
  return { jsonBody: { environment: name, documentHash: hash(read.document), ...planned } }
}

/** `GET /api/environments/{name}` */
export const getEnvironment: Handler = async ({ request, app }) => {
  const name = request.params['name'] ?? ''
  const found = await showEnvironment(app.store, app.surroundings, name)
  return found ? { jsonBody: found } : notFound(`environment named ${name}`)
}

/** `GET /api/environments` */
export const getEnvironments: Handler = async ({ app }) => ({
  jsonBody: { environments: await listEnvironments(app.store) },
})

/** A document that may be acted on, or the answer that says why not. */
function documentIn(
  body: string,
  name: string,
  app: App,
): { document: Document } | { refused: HttpResponseInit } {
  const parsed = parse(body, name)
  const faults = 'faults' in parsed ? parsed.faults : placeFaults(parsed.document, app.resourceGroups)
  if ('document' in parsed && faults.length === 0) return parsed
  return {
    refused: problem({
      status: 400,
      reason: 'invalid-document',
      detail: `The document has ${faults.length} fault${faults.length === 1 ? '' : 's'}. Nothing was stored.`,
      faults,
    }),
  }
}

/** A document cannot name a resource group the app was not given. */
const placeFaults = ({ resourceGroup }: Document, allowed: string[]): Fault[] =>
  allowed.includes(resourceGroup.toLowerCase())
    ? []
    : [
        {
          path: 'resourceGroup',
          problem: `${resourceGroup} is not a resource group this app may manage`,
          remedy: `use one of ${allowed.join(', ')}, or extend the app setting OPS_RESOURCE_GROUPS`,
        },
      ]

import { randomBytes } from 'node:crypto'
import { parse } from '../src/environment/parse.ts'
import { begin } from '../src/operations/begin.ts'
import { listEnvironments, showEnvironment } from '../src/operations/show.ts'
import { notFound, problem } from './problem.ts'
import type { Handler } from './routes.ts'

/** `PUT /api/environments/{name}`: validates, stores and starts; or joins the operation that carries out the same document. */
export const putEnvironment: Handler = async ({ request, context, app }) => {
  const name = request.params['name'] ?? ''
  const parsed = parse(await request.text(), name)
  if ('faults' in parsed)
    return problem({
      status: 400,
      reason: 'invalid-document',
      detail: `The document has ${parsed.faults.length} fault${parsed.faults.length === 1 ? '' : 's'}. Nothing was stored.`,
      faults: parsed.faults,
    })
  const { document } = parsed
  if (!app.resourceGroups.includes(document.resourceGroup.toLowerCase()))
    return problem({
      status: 400,
      reason: 'invalid-document',
      detail: 'The document has 1 fault. Nothing was stored.',
      faults: [
        {
          path: 'resourceGroup',
          problem: `${document.resourceGroup} is not a resource group this app may manage`,
          remedy: `use one of ${app.resourceGroups.join(', ')}, or extend the app setting OPS_RESOURCE_GROUPS`,
        },
      ],
    })
  const random = randomBytes(2).toString('hex')
  const begun = await begin(app.store, app.orchestrations(context), document, { nowMs: Date.now(), random })
  const location = `/api/operations/${begun.operation}`
  if (begun.is === 'busy')
    return problem({
      status: 409,
      reason: 'operation-running',
      detail: `${begun.operation} is carrying out another document. Wait for it or cancel it, then send this one again. Nothing was stored.`,
      headers: { location },
    })
  return { status: 202, headers: { location }, jsonBody: { operation: begun.operation } }
}

/** `GET /api/environments/{name}` */
export const getEnvironment: Handler = async ({ request, app }) => {
  const name = request.params['name'] ?? ''
  const found = await showEnvironment(app.store, name)
  return found ? { jsonBody: found } : notFound(`environment named ${name}`)
}

/** `GET /api/environments` */
export const getEnvironments: Handler = async ({ app }) => ({
  jsonBody: { environments: await listEnvironments(app.store) },
})

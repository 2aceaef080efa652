import { allEnvironments } from '../src/store/store.ts'
import { notFound } from './problem.ts'
import type { Handler } from './route.ts'

/** `GET /api/environments/{name}/audit`: what the live gateway's settings cost. Reads Azure, writes nothing. */
export const auditEnvironment: Handler = async ({ request, app }) => {
  const name = request.params['name'] ?? ''
  const stored = await app.store.environments.get(allEnvironments, name)
  return stored ? { jsonBody: await app.audit(stored.value.document) } : notFound(`environment named ${name}`)
}

import type { HttpResponseInit } from '@azure/functions'
import { hash } from '../src/environment/canonical.ts'
import { parse } from '../src/environment/parse.ts'
import type { Document } from '../src/environment/schema.ts'
import { allEnvironments } from '../src/store/store.ts'
import type { App } from './app.ts'
import { notFound, problem } from './problem.ts'
import type { Handler } from './routes.ts'

/** `POST /api/environments/{name}/preflight`: what would stop the document sent, or the stored one. Writes nothing anywhere. */
export const preflightEnvironment: Handler = async ({ request, app }) => {
  const name = request.params['name'] ?? ''
  const body = await request.text()
  const stored = body === '' ? await app.store.environments.get(allEnvironments, name) : undefined
  if (body === '' && !stored) return notFound(`environment named ${name}`)
  const read = stored ? { document: stored.value.document } : documentIn(body, name, app)
  if ('refused' in read) return read.refused
  return { jsonBody: { documentHash: hash(read.document), ...(await app.preflight(read.document)) } }
}

/** A document that may be looked into, or the answer that says why not. */
function documentIn(
  body: string,
  name: string,
  { resourceGroups }: App,
): { document: Document } | { refused: HttpResponseInit } {
  const parsed = parse(body, name)
  const faults =
    'faults' in parsed
      ? parsed.faults
      : resourceGroups.includes(parsed.document.resourceGroup.toLowerCase())
        ? []
        : [
            {
              path: 'resourceGroup',
              problem: `${parsed.document.resourceGroup} is not a resource group this app may manage`,
              remedy: `use one of ${resourceGroups.join(', ')}, or extend the app setting OPS_RESOURCE_GROUPS`,
            },
          ]
  if ('document' in parsed && faults.length === 0) return parsed
  return {
    refused: problem({
      status: 400,
      reason: 'invalid-document',
      detail: `The document has ${faults.length} fault${faults.length === 1 ? '' : 's'}. Correct these first.`,
      faults,
    }),
  }
}

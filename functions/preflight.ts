import { hash } from '../src/environment/canonical.ts'
import { documentOrStored } from './document.ts'
import type { Handler } from './route.ts'

/** `POST /api/environments/{name}/preflight`: what would stop the document sent, or the stored one. Writes nothing anywhere. */
export const preflightEnvironment: Handler = async ({ request, app }) => {
  const read = await documentOrStored(request, app)
  if ('refused' in read) return read.refused
  return { jsonBody: { documentHash: hash(read.document), ...(await app.preflight(read.document)) } }
}

import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import type { Fault } from '../src/environment/fault.ts'
import { parse } from '../src/environment/parse.ts'
import type { Document } from '../src/environment/schema.ts'
import { allEnvironments } from '../src/store/store.ts'
import type { App } from './app.ts'
import { notFound, problem } from './problem.ts'

type Read = { document: Document } | { refused: HttpResponseInit }

/** The document in the body of a call; without one, the environment's stored one. */
export async function documentOrStored(request: HttpRequest, app: App): Promise<Read> {
  const name = request.params['name'] ?? ''
  const body = await request.text()
  if (body !== '') return documentIn(body, name, app)
  const stored = await app.store.environments.get(allEnvironments, name)
  return stored ? { document: stored.value.document } : { refused: notFound(`environment named ${name}`) }
}

/** A document that may be acted on, or the answer that says why not. */
export function documentIn(body: string, name: string, app: App): Read {
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

import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import { expand } from '../src/environment/expand.ts'
import type { Fault } from '../src/environment/fault.ts'
import { lacking } from '../src/environment/lacking.ts'
import { parse } from '../src/environment/parse.ts'
import { protectFaults } from '../src/environment/protect-rules.ts'
import type { Document } from '../src/environment/schema.ts'
import { leftBehind } from '../src/resources/made.ts'
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
  if (!stored) return { refused: notFound(`environment named ${name}`) }
  const { document } = stored.value
  const refused = refusedNow(document, app)
  return refused ? { refused } : { document }
}

/** A document that may be acted on, or the answer that says why not. */
export async function documentIn(body: string, name: string, app: App): Promise<Read> {
  const parsed = parse(body, name)
  const faults = 'faults' in parsed ? parsed.faults : await faultsHere(parsed.document, app)
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

/** What is wrong with a good document in this installation. */
async function faultsHere(
  document: Document,
  { store, surroundings, resourceGroups }: App,
): Promise<Fault[]> {
  const described = expand(document, surroundings)
  const known = document.protect
    ? [...described, ...leftBehind(described, await store.inventory.list(document.name))]
    : described
  return [
    ...placeFaults(document.resourceGroup, resourceGroups),
    ...lacking(document, surroundings),
    ...protectFaults(document.protect, known),
  ]
}

/** A stored document that this installation can no longer give in full is not half carried out. */
export function refusedNow(document: Document, { surroundings }: App): HttpResponseInit | undefined {
  const faults = lacking(document, surroundings)
  return faults.length === 0
    ? undefined
    : problem({
        status: 409,
        reason: 'installation-lacks',
        detail: 'The app’s settings no longer offer what the stored document asks for. Nothing was begun.',
        faults,
      })
}

/** Nobody can name a resource group the app was not given. */
export const placeFaults = (resourceGroup: string, allowed: string[]): Fault[] =>
  allowed.includes(resourceGroup.toLowerCase())
    ? []
    : [
        {
          path: 'resourceGroup',
          problem: `${resourceGroup} is not a resource group this app may manage`,
          remedy: `use one of ${allowed.join(', ')}, or extend the app setting OPS_RESOURCE_GROUPS`,
        },
      ]

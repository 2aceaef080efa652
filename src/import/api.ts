import { textAt } from '../environment/raw.ts'
import { isSameName, listText } from '../preflight/words.ts'
import type { JsonObject } from '../resources/kind.ts'
import type { DraftApi } from './draft.ts'
import { type Found, idOf, listed, nameOf } from './found.ts'
import type { Tell } from './note.ts'
import { type ReadPolicy, readPolicy } from './policy.ts'

export interface DescribedApi {
  /** Without `responses`, which the pools say. */
  api: Omit<DraftApi, 'responses'>
  /** Names of the pools its policy sends calls to, in the policy's order. */
  order: string[]
}

/** The service's own name for the API of the callers. */
const usualName = 'models'

/** The API in front of the pools: its path, and what its policy says that a document can say. */
export function describeApi(
  found: Found,
  service: JsonObject,
  isPool: (name: string) => boolean,
  tell: Tell,
): DescribedApi {
  const [chosen, ...others] = listed(found, `${idOf(service)}/apis`)
    .map((body) => ({ body, policy: policyOf(found, body, tell) }))
    .filter(({ body, policy }) => isSameName(nameOf(body), usualName) || policy?.backends.some(isPool))
    // Beside the callers' API the service has others, for probes and agents, below paths of their own.
    .filter(({ body }) => !/^(?:probe|agents)$/i.test(nameOf(body)))
    .toSorted((a, b) => isUsual(b.body) - isUsual(a.body))
  if (!chosen) return { api: {}, order: [] }
  const { body, policy } = chosen
  if (isUsual(body) === 0)
    tell({
      is: 'taken',
      path: 'gateway.api.path',
      resource: idOf(body),
      message: `${nameOf(body)} sends calls to pools; the service would make an API named ${usualName}, with operations and a policy of its own, at the same path, and Azure gives a path to one API only`,
      remedy: `choose another path for the service’s API and move callers over, then delete ${nameOf(body)}`,
    })
  if (others.length > 0)
    tell({
      is: 'left out',
      path: 'gateway.api',
      resource: idOf(others[0]?.body),
      message: `a document has one API, and ${nameOf(body)} was taken; ${listText(others.map((it) => nameOf(it.body)))} send calls to pools too`,
    })
  const path = textAt(body, 'properties.path') ?? ''
  return {
    api: {
      ...(path === 'openai' ? {} : { path }),
      ...(policy?.logsToEventHub ? { logTo: 'eventHub' as const } : {}),
      ...(policy?.tokensPerMinute ? { tokenLimit: { tokensPerMinute: policy.tokensPerMinute } } : {}),
      ...(policy?.rateLimit ? { rateLimit: policy.rateLimit } : {}),
    },
    order: policy?.backends ?? [],
  }
}

const isUsual = (body: JsonObject): number => (isSameName(nameOf(body), usualName) ? 1 : 0)

function policyOf(found: Found, api: JsonObject, tell: Tell): ReadPolicy | undefined {
  const [body] = listed(found, `${idOf(api)}/policies/policy`)
  const value = textAt(body, 'properties.value')
  if (value === undefined) return undefined
  try {
    return readPolicy(value)
  } catch (error) {
    tell({
      is: 'unreadable',
      path: 'gateway.api',
      resource: idOf(body),
      message: error instanceof Error ? error.message : String(error),
    })
    return undefined
  }
}

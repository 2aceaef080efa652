import { difference, merged } from '../../src/reconcile/difference.ts'
import { appraise } from '../../src/reconcile/observation.ts'
import { resolve } from '../../src/reconcile/resolve.ts'
import type { JsonObject, Resource } from '../../src/resources/kind.ts'
import { kindOf } from '../../src/resources/kinds.ts'

/** Answers of the resources that others refer to. */
const live: Record<string, JsonObject> = {
  'api-management/contoso-apim': { identity: { principalId: 'gateway', tenantId: 't' } },
  'project/contoso-eus/main': {
    identity: { principalId: 'project' },
    properties: { internalId: '0123456789abcdef0123456789abcdef' },
  },
}

export const bodyOf = (resource: Resource): JsonObject => {
  const resolved = resolve(resource, (key) => live[key])
  if ('waitsFor' in resolved) throw new Error(`${resource.key} waits for ${resolved.waitsFor}`)
  return resolved.body
}

/** The body that a PUT would carry, over what is there. */
export const sent = (resource: Resource, there?: JsonObject): JsonObject =>
  merged(kindOf(resource), bodyOf(resource), there)

export const changesOf = (resource: Resource, there: JsonObject): string[] =>
  difference(kindOf(resource), bodyOf(resource), there).map(({ path }) => path)

export const stateOf = (resource: Resource, there: JsonObject): string =>
  appraise(kindOf(resource), { body: bodyOf(resource) }, there).state

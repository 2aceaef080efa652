import { textAt } from '../environment/raw.ts'
import type { JsonObject } from '../resources/kind.ts'
import { type Found, idOf, listed } from './found.ts'
import type { Tell } from './note.ts'

/** Name of the environment: under which the service made the gateway, else after the resource group. */
export function nameFor(found: Found, service: JsonObject, tell: Tell): string {
  const [owner] = listed(found, `${idOf(service)}/namedValues/ops-environment`)
  const made = textAt(owner, 'properties.value')
  if (made !== undefined) return made
  const name = nameAfter(found.resourceGroup)
  tell({
    is: 'assumed',
    path: 'name',
    message: `${name}, after the resource group`,
    remedy: 'choose another (--name on the command line)',
  })
  return name
}

/** A resource group's name as an environment may be called. */
export function nameAfter(resourceGroup: string): string {
  const name = resourceGroup
    .toLowerCase()
    .replace(/^(?:rg|resourcegroup)-/, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 24)
    .replace(/-+$/, '')
  return name.length > 1 ? name : 'imported'
}

import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { badRequest } from '../../arm/errors.ts'
import { keyOf, parentOf, sameId } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'
import { perRevision } from '../../arm/per-revision.ts'
import { builtInRole } from './role-definitions.ts'

export const ROLE_ASSIGNMENT = 'Microsoft.Authorization/roleAssignments'

export const Assignment = z.looseObject({
  roleDefinitionId: z.string(),
  principalId: z.string(),
  principalType: z.enum(['User', 'Group', 'ServicePrincipal', 'ForeignGroup', 'Device']).optional(),
  condition: z.string().nullish(),
  conditionVersion: z.string().nullish(),
  description: z.string().nullish(),
})
export type Assignment = z.infer<typeof Assignment>

/** At a scope: what is assigned there, above and below; `atScope()` leaves out what is below. */
export function assignedAt(under: string, query: URLSearchParams, azure: Azure): Resource[] {
  const filter = query.get('$filter')?.trim() ?? ''
  const terms = filter ? filter.split(/\s+and\s+/i) : []
  const principals = terms.map((term) => /^(?:principalId eq '([^']+)'|assignedTo\('([^']+)'\))$/i.exec(term))
  const atScope = terms.map((term) => /^atScope\(\)$/i.test(term))
  if (terms.some((_, index) => !principals[index] && !atScope[index]))
    throw badRequest('UnsupportedQuery', `The filter '${filter}' is not supported.`)
  const wanted = principals.flatMap((found) => found?.[1] ?? found?.[2] ?? [])
  return azure.all(ROLE_ASSIGNMENT).filter(({ id, properties }) => {
    const scope = parentOf(id)
    const above = contains(scope, under)
    const near = atScope.includes(true) ? above : above || contains(under, scope)
    return near && wanted.every((principalId) => sameId(principalId, String(properties['principalId'])))
  })
}

const contains = (outer: string, inner: string) => `${keyOf(inner)}/`.startsWith(`${keyOf(outer)}/`)

const byPrincipal = perRevision((azure) => {
  const found = new Map<string, Resource<Assignment>[]>()
  for (const assignment of azure.all(ROLE_ASSIGNMENT) as unknown as Resource<Assignment>[]) {
    const key = keyOf(assignment.properties.principalId)
    found.set(key, [...(found.get(key) ?? []), assignment])
  }
  return found
})

/** Whether, at that moment, the principal holds one of the roles at the resource or above it, felt by its data plane. */
export const holds = (principalId: string, roles: string[], resourceId: string, at: number, azure: Azure) =>
  (byPrincipal(azure).get(keyOf(principalId)) ?? []).some(
    ({ properties, hidden, id }) =>
      roles.includes(builtInRole(properties.roleDefinitionId) ?? '') &&
      contains(parentOf(id), resourceId) &&
      Number(hidden?.['effectiveAt'] ?? Number.POSITIVE_INFINITY) <= at,
  )

import type { Surroundings } from '../environment/expand.ts'
import { expand } from '../environment/expand.ts'
import { textAt } from '../environment/raw.ts'
import type { Document } from '../environment/schema.ts'
import { isSameName, plural } from '../preflight/words.ts'
import { deterministicGuid } from '../resources/deterministic-guid.ts'
import type { JsonObject } from '../resources/kind.ts'
import type { DraftAccess } from './draft.ts'
import { type Found, idOf, inGroup, lastOf, listed, nameOf, types } from './found.ts'
import type { Tell } from './note.ts'

interface Right {
  scope: string
  role: string
}

/** Nobody: an expansion with it shows which rights `responsesUser` is made of here. */
const anybody = '00000000-0000-4000-8000-000000000000'

/** Who has the whole of `responsesUser`, and by how much others fall short of it. */
export function describeAccess(
  found: Found,
  document: Document,
  surroundings: Surroundings,
  tell: Tell,
): DraftAccess[] {
  const rights = rightsOf(document, surroundings)
  if (rights.length === 0) return []
  const assignments = inGroup(found, types.assignments)
  const others = machines(found, surroundings)
  const principals = new Map(
    assignments.flatMap((it): [string, DraftAccess['type']][] => {
      const [id, type] = [textAt(it, 'properties.principalId'), textAt(it, 'properties.principalType')]
      const known = (['User', 'Group', 'ServicePrincipal'] as const).find((one) => one === type)
      return id && known && !others.has(id.toLowerCase()) ? [[id.toLowerCase(), known]] : []
    }),
  )
  return [...principals].flatMap(([principal, type]) => {
    const held = rights.flatMap((right) => {
      const assignment = assignments.find((it) => gives(it, principal, right))
      return assignment ? [{ right, assignment }] : []
    })
    if (held.length === 0) return []
    const first = idOf(held[0]?.assignment)
    if (held.length < rights.length) {
      tell({
        is: 'left out',
        path: 'access',
        resource: first,
        message: `${type} ${principal} has ${held.length} of the ${plural(rights.length, 'role')} that responsesUser gives (docs/roles.md)`,
        remedy: 'add it to access to give it the others; otherwise its roles stay as they are',
      })
      return []
    }
    const foreign = held.filter(({ right, assignment }) => !isOurs(assignment, principal, right))
    if (foreign.length > 0)
      tell({
        is: 'taken',
        path: 'access',
        resource: first,
        message: `${type} ${principal} has the roles of responsesUser, ${foreign.length} of ${held.length} under names the service would not give: the plan shows these as missing, and applying finds them there already`,
        remedy: 'nothing; or take the principal out of access, and its roles stay as they are',
      })
    return [{ principal, type, as: 'responsesUser' as const }]
  })
}

const rightsOf = (document: Document, surroundings: Surroundings): Right[] =>
  expand({ ...document, access: [{ principal: anybody, type: 'User', as: 'responsesUser' }] }, surroundings)
    .filter(({ key }) => key.startsWith(`role-assignment/${anybody}/`))
    .map(({ id, body }) => ({
      scope: scopeOf(id),
      role: lastOf(textAt(body, 'properties.roleDefinitionId') ?? ''),
    }))

const gives = (assignment: JsonObject, principal: string, { scope, role }: Right): boolean =>
  isSameName(textAt(assignment, 'properties.principalId') ?? '', principal) &&
  isSameName(lastOf(textAt(assignment, 'properties.roleDefinitionId') ?? ''), role) &&
  isSameName(scopeOf(idOf(assignment)), scope)

const scopeOf = (assignmentId: string): string =>
  assignmentId.replace(/\/providers\/Microsoft\.Authorization\/roleAssignments\/[^/]+$/i, '')

const isOurs = (assignment: JsonObject, principal: string, { scope, role }: Right): boolean =>
  isSameName(nameOf(assignment), deterministicGuid(scope, role, principal))

/** Identities whose roles come from elsewhere in the document, or from the app's settings. */
function machines(found: Found, { probeIdentities }: Surroundings): Set<string> {
  const accounts = inGroup(found, types.accounts)
  const projects = accounts.flatMap((account) => listed(found, `${idOf(account)}/projects`))
  const bodies = [...inGroup(found, types.services), ...accounts, ...projects]
  return new Set(
    [
      ...bodies.map((body) => textAt(body, 'identity.principalId')),
      probeIdentities?.probe.principalId,
      probeIdentities?.nobody.principalId,
    ].flatMap((id) => id?.toLowerCase() ?? []),
  )
}

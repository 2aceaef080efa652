import type { Azure } from '../../arm/azure.ts'
import { badRequest, Refusal } from '../../arm/errors.ts'
import { nameOf } from '../../arm/ids.ts'
import type { Action } from '../../arm/kind.ts'
import { DATA_ACTIONS } from './data-actions.ts'
import { ACTIONS, ROLES } from './roles.ts'

const TYPE = 'Microsoft.Authorization/roleDefinitions'

export const roleDefinitionId = (guid: string, azure: Azure) =>
  `/subscriptions/${azure.subscriptionId}/providers/${TYPE}/${guid}`

/** The GUID of a built-in role by its id, with or without a subscription in front. */
export function builtInRole(id: string): string | undefined {
  const guid = nameOf(id).toLowerCase()
  return /^(\/subscriptions\/[^/]+)?(\/resourceGroups\/[^/]+)?\/providers\/Microsoft\.Authorization\/roleDefinitions\/[^/]+$/i.test(
    id,
  ) && guid in ROLES
    ? guid
    : undefined
}

const shown = ([guid, roleName]: [string, string], azure: Azure) => {
  const { actions = [], notActions = [] } = ACTIONS[roleName] ?? {}
  return {
    id: roleDefinitionId(guid, azure),
    type: TYPE,
    name: guid,
    properties: {
      roleName,
      type: 'BuiltInRole',
      description: '',
      assignableScopes: ['/'],
      permissions: [{ actions, notActions, dataActions: DATA_ACTIONS[roleName] ?? [], notDataActions: [] }],
    },
  }
}

/** The built-in roles are the same at every scope. */
export const roleDefinitions: Action[] = [
  {
    method: 'GET',
    path: `{scope}/providers/${TYPE}/{}`,
    run: ({ params: [, guid = ''] }, azure) => {
      const roleName = ROLES[guid.toLowerCase()]
      if (!roleName)
        throw new Refusal(
          404,
          'RoleDefinitionDoesNotExist',
          `The specified role definition with ID '${guid.replaceAll('-', '')}' does not exist.`,
        )
      return { status: 200, body: shown([guid.toLowerCase(), roleName], azure) }
    },
  },
  {
    method: 'GET',
    path: `{scope}/providers/${TYPE}`,
    run: ({ query }, azure) => {
      const wanted = filtered(query.get('$filter'))
      return {
        status: 200,
        body: {
          value: Object.entries(ROLES)
            .filter(([, roleName]) => !wanted || roleName.toLowerCase() === wanted.toLowerCase())
            .map((role) => shown(role, azure)),
        },
      }
    },
  },
]

/** `roleName eq 'X'` narrows; `type eq 'BuiltInRole'` and `atScopeAndBelow()` hold for all there are. */
function filtered(filter: string | null): string | undefined {
  if (!filter || /^(type eq 'BuiltInRole'|atScopeAndBelow\(\))$/i.test(filter.trim())) return undefined
  const roleName = /^roleName eq '([^']+)'$/i.exec(filter.trim())?.[1]
  if (!roleName) throw badRequest('UnsupportedFilter', `The filter '${filter}' is not supported.`)
  return roleName
}

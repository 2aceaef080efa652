import type { Provider } from '../../arm/kind.ts'
import { permissions } from './permissions.ts'
import { roleAssignments } from './role-assignments.ts'
import { roleDefinitions } from './role-definitions.ts'

export const authorization: Provider = {
  namespace: 'Microsoft.Authorization',
  kinds: [roleAssignments],
  actions: [...roleDefinitions, ...permissions],
  later: ['Microsoft.Authorization/locks', 'Microsoft.Authorization/policyAssignments'],
}

import type { Provider } from '../../arm/kind.ts'
import { CONNECTION_CHILDREN } from '../../arm/private-link.ts'
import { databaseAccounts, nameExists } from './accounts.ts'
import { sqlContainers, sqlDatabases } from './databases.ts'
import { sqlRoleAssignments, sqlRoleDefinitions } from './roles.ts'

export const documentDb: Provider = {
  namespace: 'Microsoft.DocumentDB',
  kinds: [databaseAccounts, sqlRoleDefinitions, sqlRoleAssignments, sqlDatabases, sqlContainers],
  actions: [nameExists],
  later: [...CONNECTION_CHILDREN, 'mongodbDatabases', 'cassandraKeyspaces', 'gremlinDatabases', 'tables'].map(
    (child) => `${databaseAccounts.type}/${child}`,
  ),
}

import type { Provider } from '../../arm/kind.ts'
import { CONNECTION_CHILDREN } from '../../arm/private-link.ts'
import { checkNameAvailability } from '../global-names.ts'
import { listKeys, storageAccounts } from './accounts.ts'
import { blobServices, containers } from './blobs.ts'

export const storage: Provider = {
  namespace: 'Microsoft.Storage',
  kinds: [storageAccounts, blobServices, containers],
  actions: [checkNameAvailability(storageAccounts, 'AccountNameInvalid'), listKeys],
  later: [
    ...CONNECTION_CHILDREN,
    'queueServices',
    'tableServices',
    'fileServices',
    'managementPolicies',
    'localUsers',
  ].map((child) => `Microsoft.Storage/storageAccounts/${child}`),
}

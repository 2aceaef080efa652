import type { Provider } from '../../arm/kind.ts'
import { CONNECTION_CHILDREN } from '../../arm/private-link.ts'
import { checkNameAvailability } from '../global-names.ts'
import { deletedVaultActions, deletedVaults, graveOf } from './deleted-vaults.ts'
import { vaults } from './vaults.ts'

export const keyVault: Provider = {
  namespace: 'Microsoft.KeyVault',
  kinds: [vaults, deletedVaults],
  actions: [
    checkNameAvailability(vaults, 'AccountNameInvalid', (name, azure) => graveOf(name, azure) !== undefined),
    ...deletedVaultActions,
  ],
  later: [
    ...[...CONNECTION_CHILDREN, 'secrets', 'keys'].map((child) => `${vaults.type}/${child}`),
    'Microsoft.KeyVault/managedHSMs',
  ],
}

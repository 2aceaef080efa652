import type { Provider } from '../../arm/kind.ts'
import { CONNECTION_CHILDREN } from '../../arm/private-link.ts'
import { checkNameAvailability } from '../global-names.ts'
import { searchServices } from './services.ts'

export const search: Provider = {
  namespace: 'Microsoft.Search',
  kinds: [searchServices],
  actions: [checkNameAvailability(searchServices, 'Invalid')],
  later: [...CONNECTION_CHILDREN, 'sharedPrivateLinkResources'].map(
    (child) => `${searchServices.type}/${child}`,
  ),
}

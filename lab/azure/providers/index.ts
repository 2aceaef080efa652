import type { Provider } from '../arm/kind.ts'
import { apiManagement } from './api-management/service.ts'
import { network } from './network/provider.ts'
import { resources } from './resources.ts'

/** A new provider is one file and one entry here; what takes time gets a line in lifecycles/usual.ts. */
export const providers: Provider[] = [resources, network, apiManagement]

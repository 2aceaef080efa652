import type { Provider } from '../arm/kind.ts'
import { apiManagement } from './api-management/service.ts'
import { authorization } from './authorization/provider.ts'
import { cognitiveServices, companions } from './cognitive-services/provider.ts'
import { documentDb } from './document-db/provider.ts'
import { eventHubs } from './event-hubs/provider.ts'
import { insights } from './insights/provider.ts'
import { keyVault } from './key-vault/provider.ts'
import { network } from './network/provider.ts'
import { operationalInsights } from './operational-insights/provider.ts'
import { resources } from './resources.ts'
import { search } from './search/provider.ts'
import { storage } from './storage/provider.ts'

/** A new provider is one file and one entry here; what takes time gets a line in lifecycles/usual.ts. */
export const providers: Provider[] = [
  resources,
  network,
  apiManagement,
  storage,
  search,
  documentDb,
  keyVault,
  eventHubs,
  operationalInsights,
  insights,
  authorization,
  cognitiveServices,
  ...companions,
]

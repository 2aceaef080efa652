import type { Action, Kind } from '../../arm/kind.ts'
import { apiOperations, apis } from './apis.ts'
import { backends, reconnect } from './backends.ts'
import { diagnosticKinds } from './diagnostics.ts'
import { loggers } from './loggers.ts'
import { namedValueActions, namedValues } from './named-values.ts'
import { networkStatus } from './network-status.ts'
import { policyFragments, policyKinds } from './policies.ts'
import { productApiLinks, productApis, products } from './products.ts'
import { subscriptionActions, subscriptions } from './subscriptions.ts'

/** What stands inside a service. */
export const entities: Kind[] = [
  backends,
  apis,
  apiOperations,
  ...policyKinds,
  policyFragments,
  namedValues,
  loggers,
  ...diagnosticKinds,
  products,
  productApis,
  productApiLinks,
  subscriptions,
]

export const entityActions: Action[] = [
  reconnect,
  ...namedValueActions,
  ...subscriptionActions,
  networkStatus,
]

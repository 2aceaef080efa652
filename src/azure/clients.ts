import type { Pipeline } from '@azure/core-rest-pipeline'
import type { TokenCredential } from '@azure/identity'
import { once } from '../once.ts'
import type { Kind } from '../resources/kind.ts'
import type { Settings } from './settings.ts'

/** The app's identity; loaded when first needed, because most invocations never call Azure. */
export async function openCredential(settings: Settings): Promise<TokenCredential> {
  const { ManagedIdentityCredential } = await import('@azure/identity')
  return new ManagedIdentityCredential({ clientId: settings.clientId, retryOptions: { maxRetries: 0 } })
}

/**
 * The pipelines of the SDK clients, each opened when first asked for. They try once: waiting and trying again is the loop's business
 * (docs/decisions/0001), and nothing may sleep inside an invocation.
 */
export function openPipelines(
  settings: Settings,
  credential: () => Promise<TokenCredential>,
): (client: Kind['client']) => Promise<Pipeline> {
  const { endpoint, audience } = settings.resourceManager
  const scopes = [`${audience}/.default`]
  const options = { endpoint, credentials: { scopes }, retryOptions: { maxRetries: 0 } }
  const clients = {
    network: once(async () => {
      const { createNetworkManagement } = await import('@azure/arm-network/api')
      return createNetworkManagement(await credential(), settings.subscriptionId, options).pipeline
    }),
    privateDns: once(async () => {
      const { createPrivateDnsManagement } = await import('@azure/arm-privatedns/api')
      return createPrivateDnsManagement(await credential(), settings.subscriptionId, options).pipeline
    }),
    apiManagement: once(async () => {
      const { ApiManagementClient } = await import('@azure/arm-apimanagement')
      return new ApiManagementClient(await credential(), settings.subscriptionId, {
        endpoint,
        credentialScopes: scopes,
        retryOptions: { maxRetries: 0 },
      }).pipeline
    }),
  }
  return (client) => clients[client]()
}

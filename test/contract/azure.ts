import tls from 'node:tls'
import { type AzureOptions, type RunningAzure, startAzure } from '../../lab/azure/server.ts'
import { type Arm, openArm } from '../../src/azure/arm.ts'
import { openCredential, openPipelines } from '../../src/azure/clients.ts'
import type { Settings } from '../../src/azure/settings.ts'
import { once } from '../../src/once.ts'

/** The simulated Azure in this process, and the product's own way to it: the real SDK clients, over TLS, with a managed identity's token. */
export interface Opened {
  azure: RunningAzure
  settings: Settings
  arm: Arm
  credential: () => ReturnType<typeof openCredential>
  post<Answer>(path: string, body: unknown): Promise<Answer>
}

export async function open(options: AzureOptions = {}): Promise<Opened> {
  const azure = await startAzure({ port: 0, speed: 'max', ...options })
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), azure.ca])
  process.env['IDENTITY_ENDPOINT'] = azure.identity.endpoint
  process.env['IDENTITY_HEADER'] = azure.identity.header
  const settings: Settings = {
    subscriptionId: azure.subscriptionId,
    clientId: azure.identity.clientId,
    resourceManager: { endpoint: azure.url, audience: 'https://management.azure.com' },
    surroundings: { subscriptionId: azure.subscriptionId, gatewaySuffix: 'azure-api.net' },
    autoRepair: true,
    autoBalance: true,
    probing: true,
    alertWebhook: undefined,
    alertsHub: undefined,
    tablesUrl: '',
    resourceGroups: ['rg-contoso-ai'],
  }
  const credential = once(() => openCredential(settings))
  return {
    azure,
    settings,
    credential,
    arm: openArm(azure.url, openPipelines(settings, credential)),
    async post<Answer>(path: string, body: unknown) {
      const response = await fetch(new URL(path, azure.url), {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      })
      if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`)
      return (await response.json()) as Answer
    },
  }
}

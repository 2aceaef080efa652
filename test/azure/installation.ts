import { onTestFinished } from 'vitest'
import { joinNetwork } from '../../lab/host/network/join.ts'
import { openCredential } from '../../src/azure/clients.ts'
import { readSettings } from '../../src/azure/settings.ts'
import { once } from '../../src/once.ts'
import { type Monitored, serve } from '../lab/azure/monitor-world.ts'

/**
 * This process in the place of the app: in its subnet of a running simulated Azure, with its identity, and with settings that name no endpoint,
 * so that every host is found by the name it has on Azure.
 */
export async function openInstallation(world: Monitored) {
  const lab = await serve(world)
  const { dns } = await lab.lab('GET', '')
  onTestFinished(joinNetwork({ azure: lab.url, dns }))
  process.env['IDENTITY_ENDPOINT'] = lab.identity.endpoint
  process.env['IDENTITY_HEADER'] = lab.identity.header
  const settings = readSettings({
    AZURE_SUBSCRIPTION_ID: lab.subscriptionId,
    AZURE_CLIENT_ID: lab.identity.clientId,
    AzureWebJobsStorage__tableServiceUri: 'https://ops.table.core.windows.net',
    OPS_RESOURCE_GROUPS: 'rg-contoso-ai',
    OPS_WORKSPACE_ID: world.at('OperationalInsights/workspaces/log-ops'),
    WEBSITE_AUTH_ENABLED: 'True',
  })
  const nowMs = async () => Date.parse((await lab.lab('GET', 'clock')).now)
  let seen = 0
  return {
    ...lab,
    settings,
    credential: once(() => openCredential(settings)),
    nowMs,
    /** The last so many minutes but for those newer than `untilAgo`. */
    async last(minutes: number, untilAgo = 0) {
      const now = await nowMs()
      return { fromMs: now - minutes * 60_000, untilMs: now - untilAgo * 60_000 }
    },
    /** What was asked of Azure since this was last asked for: plane, and path or host with path. */
    async asked(): Promise<string[]> {
      const rows: { seq: number; plane: string; method: string; url: string }[] = await lab.journal(seen)
      seen = rows.at(-1)?.seq ?? seen
      return rows
        .filter(({ plane }) => plane === 'arm' || plane === 'monitor')
        .map(({ plane, url }) => `${plane} ${url.split('?')[0]}`)
    },
  }
}

export type Installation = Awaited<ReturnType<typeof openInstallation>>

/** More than the pool takes, for some minutes, by clients that try again. */
export const storm = (seed: number) => ({
  gateway: 'contoso-apim',
  deployment: 'gpt-4o',
  trace: { synthetic: 'conversation', minutes: 5, seed },
  scale: 2,
})

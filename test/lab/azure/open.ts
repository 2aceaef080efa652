import tls from 'node:tls'
import type { TokenCredential } from '@azure/identity'
import { onTestFinished } from 'vitest'
import { type AzureOptions, type RunningAzure, startAzure } from '../../../lab/azure/server.ts'

export const GROUP = 'rg-contoso-ai'
export const VNET = 'vnet-contoso-ai'
export const ARM_SCOPE = 'https://management.azure.com/.default'

// biome-ignore lint/suspicious/noExplicitAny: bodies of any shape, read by the tests as they expect them
type Json = any

export type Arm = (
  method: string,
  path: string,
  options?: { body?: unknown; headers?: Record<string, string>; apiVersion?: string | null },
) => Promise<{ status: number; headers: Headers; body: Json }>

/** A running simulated Azure and plain calls to it; closed when the test ends. The SDK's clients are in sdk.ts. */
export async function openAzure(options: AzureOptions = {}) {
  const azure = await startAzure({ speed: 'max', ...options })
  onTestFinished(() => azure.close())
  return clientsOf(azure)
}

export function clientsOf(
  azure: Pick<RunningAzure, 'url' | 'ca' | 'identity' | 'subscriptionId' | 'tenantId'>,
) {
  trust(azure.ca)
  const { url, subscriptionId, identity } = azure
  const credential: TokenCredential = {
    getToken: async () => {
      const { access_token } = await tokenFor('https://management.azure.com')
      // The test's own clock stands still while the lab's jumps: nothing may be cached by it.
      return { token: access_token, expiresOnTimestamp: Date.now() }
    },
  }
  const tokenFor = async (resource: string): Promise<Json> => {
    const query = new URLSearchParams({ resource, 'api-version': '2019-08-01' })
    const answer = await fetch(`${url}/msi/token?${query}`, {
      headers: { 'X-IDENTITY-HEADER': identity.header },
    })
    return answer.json()
  }
  const lab = async (method: string, door: string, body?: unknown): Promise<Json> => {
    const answer = await fetch(`${url}/_lab/${door}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} /_lab/${door}: ${answer.status} ${text}`)
    return text ? JSON.parse(text) : undefined
  }

  let token: string | undefined
  const arm: Arm = async (method, path, { body, headers = {}, apiVersion = '2024-05-01' } = {}) => {
    token ??= (await tokenFor('https://management.azure.com')).access_token
    const separator = path.includes('?') ? '&' : '?'
    const address = `${url}${path}${apiVersion === null ? '' : `${separator}api-version=${apiVersion}`}`
    const answer = await fetch(address, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined }
  }

  return {
    ...azure,
    lab,
    arm,
    tokenFor,
    credential,
    group: `/subscriptions/${subscriptionId}/resourceGroups/${GROUP}`,
    advance: (seconds: number) => lab('POST', 'clock', { advanceSeconds: seconds }),
    fault: (match: object, does: object) => lab('POST', 'faults', { match, do: does }),
    journal: (since = 0): Promise<Json[]> => lab('GET', `journal?since=${since}`),
  }
}

export type Lab = Awaited<ReturnType<typeof openAzure>>

const trusted = new Set<string>()

function trust(ca: string): void {
  if (trusted.has(ca)) return
  trusted.add(ca)
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), ca])
}

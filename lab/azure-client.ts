import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'

/** A client of the simulated Azure's control endpoints (`/_lab`), for whoever looks at the world from outside: the story and the tests. */

export interface ArmObject {
  id: string
  name: string
  type: string
  etag?: string
  properties?: Record<string, unknown>
  [key: string]: unknown
}

export interface JournalRow {
  seq: number
  at: string
  ms: number
  plane: 'arm' | 'token' | 'gateway' | 'model' | 'monitor' | 'other'
  method: string
  url: string
  apiVersion?: string
  status: number
  caller?: string
  requestBody?: unknown
  fault?: string
}

export interface Fault {
  match: {
    plane?: string
    method?: string
    path?: string
    from?: number
    count?: number | 'all'
    share?: number
  }
  do: {
    status?: number
    headers?: Record<string, string>
    body?: unknown
    delaySeconds?: number
    reset?: boolean
    loseResponse?: boolean
    provisioning?: 'stuck' | 'failed'
    slowSeconds?: number
    unreached?: 'ENOTFOUND' | 'ECONNREFUSED' | 'ETIMEDOUT' | 'ECONNRESET' | 'CERT'
    breakAfterBytes?: number
    capacityShare?: number
    certificate?: 'expired' | 'expires-soon' | 'wrong-name' | 'untrusted'
    dns?: 'fails' | 'silent' | 'public'
  }
}

const callerId = '00000000-0000-4000-8000-00000000c0de'
const strangerId = '00000000-0000-4000-8000-00000000ba5e'

export function openAzure(url: string, caPath: string) {
  const agent = new Agent({ ca: readFileSync(caPath), keepAlive: false })
  const call = <Value>(method: string, path: string, body?: unknown, token?: string): Promise<Value> =>
    new Promise((resolve, reject) => {
      const sent = request(
        new URL(path, url),
        {
          method,
          agent,
          headers: {
            'content-type': 'application/json',
            ...(token ? { authorization: `Bearer ${token}` } : {}),
          },
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8')
            if ((response.statusCode ?? 500) >= 300)
              reject(new Error(`${method} ${path} answered ${response.statusCode}: ${text}`))
            else resolve((text ? JSON.parse(text) : undefined) as Value)
          })
        },
      )
      sent.on('error', reject)
      sent.end(body === undefined ? undefined : JSON.stringify(body))
    })
  const tokenFor = async (claims: { audience: string; roles: string[]; name: string; objectId: string }) =>
    (await call<{ token: string }>('POST', '/_lab/tokens', claims)).token
  const journal = (since = 0) => call<JournalRow[]>('GET', `/_lab/journal?since=${since}`)
  return {
    resources: () => call<ArmObject[]>('GET', '/_lab/resources'),
    journal,
    /** How many calls have asked ARM to change something. */
    writes: async () =>
      (await journal()).filter(
        ({ plane, method }) => plane === 'arm' && method !== 'GET' && method !== 'HEAD',
      ).length,
    addFault: (fault: Fault) => call<{ id: string }>('POST', '/_lab/faults', fault),
    faults: () => call<(Fault & { id: string })[]>('GET', '/_lab/faults'),
    removeFault: (id: string) => call<void>('DELETE', `/_lab/faults/${id}`),
    advance: (advanceSeconds: number) => call<{ now: string }>('POST', '/_lab/clock', { advanceSeconds }),
    snapshot: () => call<unknown>('GET', '/_lab/state'),
    restore: (world: unknown) => call<void>('POST', '/_lab/state', world),
    setSpeed: (speed: number | 'max') => call<{ now: string }>('POST', '/_lab/clock', { speed }),
    /** Clients begin to call the gateway; what they are told is `lab/README.md`'s. */
    startTraffic: (start: object) => call<{ id: string }>('POST', '/_lab/traffic', { start }),
    stopTraffic: (id: string) => call<void>('POST', '/_lab/traffic', { stop: id }),
    /** What a hub keeps, and putting events at its end: a text as it is, anything else as JSON. */
    events: (hub: string, since = 0) =>
      call<{ number: number; at: string; body: string }[]>('GET', `/_lab/eventhubs/${hub}?since=${since}`),
    /** Azure says how a resource is, to the action groups of its group. */
    tellHealth: (resourceId: string, status: 'Available' | 'Degraded' | 'Unavailable') =>
      call<void>('POST', '/_lab/health', { resourceId, status }),
    sendEvents: (hub: string, events: unknown[]) => call<void>('POST', `/_lab/eventhubs/${hub}`, events),
    /** A token of the lab's tenant for anybody. */
    tokenFor,
    /** A token for the app's API. */
    token: (roles: string[]) =>
      tokenFor({ audience: 'api://foundry-gateway-ops', roles, name: 'a caller', objectId: callerId }),
    /** A call to ARM by somebody who is not the app. */
    arm: async <Value = ArmObject>(method: string, path: string, body?: unknown) =>
      call<Value>(
        method,
        path,
        body,
        await tokenFor({
          audience: 'https://management.azure.com',
          roles: [],
          name: 'a stranger',
          objectId: strangerId,
        }),
      ),
  }
}

/** Whether a call asked ARM to change something. */
export const isWrite = ({ plane, method }: JournalRow): boolean =>
  plane === 'arm' && method !== 'GET' && method !== 'HEAD'

export type Azure = ReturnType<typeof openAzure>

// How the host meets the simulated Azure (lab/README.md): it asks what it must know, and from then on trusts the lab's certificate
// authority in this process, so that every SDK in it does.
import https from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import tls from 'node:tls'
import type { Log } from './log.ts'

interface Canary {
  principalId: string
  clientId: string
}

/** What `GET {azure}/_lab` answers, as far as the host needs it. */
export interface Lab {
  arm: string
  identity: { endpoint: string; header: string; clientId: string }
  tenantId: string
  subscriptionId: string
  ca: { pem: string }
  home: {
    resourceGroup: string
    actionGroup: string
    workspace: string
    eventHub: { namespace: string; hub: string }
    /** Of the same namespace. */
    alertsHub: string
    probe: Canary
    nobody: Canary
  }
  clock: { offsetMs: number }
  seed: number
  /** The DNS server of the app's network, `127.0.0.1:PORT`. */
  dns: string
}

const loopback = ['localhost', '127.0.0.1', '[::1]']
const upWithinMs = 30_000
const pollMs = 100

/** Waits for a simulated Azure that is just being started. */
export async function meet(azure: string, log: Log, giveUp: AbortSignal): Promise<Lab> {
  const url = new URL('/_lab', azure)
  if (url.protocol !== 'https:' || !loopback.includes(url.hostname))
    throw new Error(`--azure must be an https address on this machine, not ${azure}`)
  const giveUpAt = performance.now() + upWithinMs
  for (let attempt = 1; ; attempt++) {
    try {
      const lab = await firstContact(url)
      tls.setDefaultCACertificates([...tls.getCACertificates('default'), lab.ca.pem])
      return lab
    } catch (error) {
      const refused = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED'
      if (!refused || giveUp.aborted || performance.now() > giveUpAt)
        throw new Error(`cannot meet the simulated Azure at ${azure}: ${error}`, { cause: error })
      if (attempt === 1) log('warning', `waiting for the simulated Azure at ${azure}`)
      await delay(pollMs)
    }
  }
}

/** Without trust, because the authority to trust is in the answer; it goes to this machine only. */
function firstContact(url: URL): Promise<Lab> {
  return new Promise((resolve, reject) => {
    const options = { rejectUnauthorized: false, agent: false, signal: AbortSignal.timeout(5_000) }
    const request = https.get(url, options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => {
        if (response.statusCode !== 200) return reject(new Error(`GET /_lab answered ${response.statusCode}`))
        try {
          resolve(JSON.parse(text) as Lab)
        } catch (error) {
          reject(error)
        }
      })
    })
    request.on('error', reject)
  })
}

export async function certificateFor(azure: string, names: string[]) {
  const response = await fetch(new URL('/_lab/certificates', azure), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ names }),
  })
  if (!response.ok) throw new Error(`POST /_lab/certificates answered ${response.status}`)
  return (await response.json()) as { certificate: string; privateKey: string }
}

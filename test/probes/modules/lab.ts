import { readFileSync } from 'node:fs'
import type { Fault } from '../../../lab/azure-client.ts'
import { setClockOffsetMs } from '../../../lab/host/clock/shift.ts' // first: SDKs keep `Date` for themselves
import { joinNetwork } from '../../../lab/host/network/join.ts'
import { expand } from '../../../src/environment/expand.ts'
import { parse } from '../../../src/environment/parse.ts'
import { openCredentials } from '../../../src/probes/tokens.ts'
import { openTools, type Tools } from '../../../src/probes/tools.ts'
import { everything, openHere } from '../../histories/world.ts'

/** The reference environment, provisioned by the product in the simulated Azure, and probes' tools in the app's subnet of it. */
export interface Provisioned {
  tools: Tools
  /** Does it as if this process stood in that subnet, or on the internet. */
  standingIn<Value>(subnet: string, work: () => Promise<Value>): Promise<Value>
  /** A call of somebody else's to Resource Manager, and the minutes Azure takes for it. */
  stranger(method: string, path: string, body?: unknown): Promise<number>
  /** Until the test that asked for it is over. */
  fault(fault: Fault): Promise<void>
  clearFaults(): Promise<void>
  resources(): Promise<{ id: string; type: string; properties?: Record<string, unknown> }[]>
  advance(seconds: number): Promise<void>
  post<Answer>(path: string, body: unknown): Promise<Answer>
  /** Puts events at the end of a hub. */
  sendEvents(hub: string, events: unknown[]): Promise<void>
  /** Back to the world as it was provisioned. */
  restore(): Promise<void>
  close(): Promise<void>
}

export async function provisioned(change: (text: string) => string = (text) => text): Promise<Provisioned> {
  const parsed = parse(change(readFileSync('examples/contoso.yaml', 'utf8')), 'contoso')
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const here = await openHere({ temper: 'fast', surroundings: everything })
  const { state } = await here.carryOut({ kind: 'provision', document: parsed.document }, [], true)
  if (state !== 'succeeded') throw new Error(`provisioning ended ${state}`)
  await here.advance(3600)
  const world = await here.snapshot()
  const { lab } = here
  const follow = async (path: string, body: unknown) => {
    const { offsetMs } = await lab.post<{ offsetMs: number }>(path, body)
    setClockOffsetMs(offsetMs)
  }
  const join = (subnet?: string) =>
    joinNetwork({ azure: lab.azure.url, dns: lab.azure.dns, ...(subnet ? { subnet } : {}) })
  let leave = join()
  const settings = { ...lab.settings, surroundings: everything }
  const tools = openTools({
    arm: lab.arm,
    credentials: openCredentials(settings),
    resources: expand(parsed.document, everything),
  })
  const { token } = await lab.post<{ token: string }>('/_lab/tokens', {
    audience: 'https://management.azure.com',
    roles: [],
    name: 'a stranger',
    objectId: '00000000-0000-4000-8000-00000000ba5e',
  })
  const advance = (advanceSeconds: number) => follow('/_lab/clock', { advanceSeconds })
  const get = async <Value>(path: string) =>
    (await (await fetch(new URL(path, lab.azure.url))).json()) as Value
  return {
    tools,
    async standingIn(subnet, work) {
      leave()
      leave = join(subnet)
      try {
        return await work()
      } finally {
        leave()
        leave = join()
      }
    },
    async stranger(method, path, body) {
      const answered = await fetch(new URL(path, lab.azure.url), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          // API Management asks for it, and takes any.
          ...(path.includes('/service/') ? { 'if-match': '*' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      if (!answered.ok)
        throw new Error(`${method} ${path} answered ${answered.status}: ${await answered.text()}`)
      await advance(900)
      return answered.status
    },
    fault: (fault) => lab.post('/_lab/faults', fault),
    async clearFaults() {
      for (const { id } of await get<{ id: string }[]>('/_lab/faults'))
        await fetch(new URL(`/_lab/faults/${id}`, lab.azure.url), { method: 'DELETE' })
    },
    resources: () => get('/_lab/resources'),
    advance,
    post: lab.post,
    async sendEvents(hub, events) {
      const body = JSON.stringify(events)
      const door = new URL(`/_lab/eventhubs/${hub}`, lab.azure.url)
      const sent = await fetch(door, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      })
      if (!sent.ok) throw new Error(`POST ${door.pathname} answered ${sent.status}`)
    },
    restore: () => follow('/_lab/state', world),
    async close() {
      leave()
      await lab.azure.close()
    },
  }
}

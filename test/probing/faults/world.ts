import type { Fault } from '../../../lab/azure-client.ts'
import { setClockOffsetMs } from '../../../lab/host/clock/shift.ts' // first: SDKs keep `Date` for themselves
import { joinNetwork } from '../../../lab/host/network/join.ts'
import { expand } from '../../../src/environment/expand.ts'
import type { Document } from '../../../src/environment/schema.ts'
import type { Probe, Verdict } from '../../../src/probes/probe.ts'
import { openCredentials } from '../../../src/probes/tokens.ts'
import { agentRun } from '../../../src/probing/agent-run.ts'
import { openAsking } from '../../../src/probing/ask-all.ts'
import { failingNow, statesOf } from '../../../src/probing/count.ts'
import { handIn } from '../../../src/probing/hand-in.ts'
import { openProbes } from '../../../src/probing/probes.ts'
import type { IncidentRow } from '../../../src/probing/rows.ts'
import { tick } from '../../../src/probing/tick.ts'
import type { Probes } from '../../../src/probing/world.ts'
import type { JsonObject, Resource } from '../../../src/resources/kind.ts'
import { kindOf } from '../../../src/resources/kinds.ts'
import { everything, openHere } from '../../histories/world.ts'

/**
 * The app's probing in this process: the real tick over tables in memory, real probes from the app's subnet of the simulated Azure, in which the
 * environment was provisioned by the product.
 */
export interface World {
  hands: Hands
  /** So many minutes of probing. */
  rounds(count: number): Promise<void>
  /** Alerts that left the app since the last time it was asked, as `fired` or `resolved` and the incident's id. */
  told(): Told[]
  incidents(): Promise<IncidentRow[]>
  /** Ids of probes that fail now, with why. */
  failing(): Promise<{ id: string; reason: string; why: string }[]>
  /** How each probe stands: the verdict of its last round. */
  verdicts(): Promise<Map<string, { result: string; reason: string; why: string; trace: string[] }>>
  probes: Probe[]
  /** Asks a probe now, outside of any round. */
  ask(probe: Probe): Promise<Verdict>
  close(): Promise<void>
}

export interface Told {
  alert: 'fired' | 'resolved'
  incident: string
  cause: string
  message: string
}

/** What a stranger, or bad luck, can do to the environment. Resources go by the keys of the document. */
export interface Hands {
  edit(key: string, change: (body: Editable) => void): Promise<void>
  remove(key: string): Promise<void>
  /** By path below the environment's resource group, for what the document does not name. */
  put(path: string, apiVersion: string, body: object): Promise<void>
  removeAt(path: string, apiVersion: string): Promise<void>
  read(path: string, apiVersion: string): Promise<JsonObject>
  /** Of an API, as text. */
  editPolicy(key: string, change: (xml: string) => string): Promise<void>
  fault(fault: Fault): Promise<void>
  /** Azure shows the resource with these properties, whatever it is. */
  shows(key: string, properties: object): Promise<void>
  id(key: string): string
  /** Time goes by, and nobody asks anything. */
  pass(seconds: number): Promise<void>
  /** The world is as it was provisioned, now. */
  undo(): Promise<void>
}

/** A body as Azure shows it, open to anything. */
export type Editable = { properties: Record<string, never> } & Record<string, never>

/** Agents that hang are waited for as long as nobody else would. */
const agentLimitMs = 15_000

export async function openWorld(document: Document): Promise<World> {
  const here = await openHere({ temper: 'fast', surroundings: everything })
  const { state, conditions } = await here.carryOut({ kind: 'provision', document }, [], true)
  if (state !== 'succeeded')
    throw new Error(JSON.stringify(conditions.filter(({ status }) => status !== 'True')))
  await here.advance(3600)
  const provisioned = await here.snapshot()
  const { lab } = here
  const store = here.store()
  const join = (subnet?: string) =>
    joinNetwork({ azure: lab.azure.url, dns: lab.azure.dns, ...(subnet ? { subnet } : {}) })
  let leave = join()
  const resources = expand(document, everything)
  const settings = { ...lab.settings, surroundings: everything }
  const real = openProbes({
    arm: lab.arm,
    credentials: openCredentials(settings),
    surroundings: everything,
    store,
  })
  const probes: Probes = {
    derive: (described) => real.derive(described),
    coverage: (described, all) => real.coverage(described, all),
    glance: (described, due) => real.glance(described, due),
    ask: (described, probe, signal) =>
      real.ask(
        described,
        probe,
        probe.module === 'agent' ? AbortSignal.any([signal, AbortSignal.timeout(agentLimitMs)]) : signal,
      ),
  }
  const stored = (await store.environments.list('environment'))[0]?.document ?? document
  const all = probes.derive(stored)
  const troubles: string[] = []
  const asking = openAsking(({ id }, error) => troubles.push(`${id} ended without a verdict: ${error}`))
  const agents = new Map<string, Promise<unknown>>()
  let drawn = 0
  const clock = { nowMs: () => Date.now(), random: () => (drawn++).toString(36).padStart(4, '0') }
  let told: Told[] = []

  async function askOutside(): Promise<void> {
    leave()
    leave = join('internet')
    try {
      const outside = all.filter(({ vantage }) => vantage === 'internet')
      const handed = await Promise.all(
        outside.map(async (probe) => ({
          probe: probe.id,
          atMs: Date.now(),
          verdict: await real.ask(stored, probe, new AbortController().signal),
        })),
      )
      const moment = { nowMs: Date.now(), random: clock.random() }
      troubles.push(...(await handIn(store, document.name, all, handed, 'a person', moment)).map(String))
    } finally {
      leave()
      leave = join()
    }
  }

  async function round(): Promise<void> {
    await here.advance(60)
    await askOutside()
    await tick({
      store,
      probes,
      asking: () => asking,
      async startAgentRun(environment, { id }) {
        if (agents.has(id)) return
        const run = agentRun(store, probes, { environment, probe: id }, clock)
        agents.set(
          id,
          run.finally(() => agents.delete(id)),
        )
      },
      channels: { log: (line) => told.push(JSON.parse(line.slice('ops.alert '.length)) as Told) },
      // The document lets nothing be repaired unasked.
      repair: async (_document, incident) => incident,
      log: (line) => troubles.push(line),
      clock,
    })
    await Promise.all(agents.values())
    if (troubles.length > 0) throw new Error(troubles.join('\n'))
  }

  return {
    hands: openHands(here, provisioned, resources),
    async rounds(count) {
      for (let left = count; left > 0; left--) await round()
    },
    told() {
      const since = told
      told = []
      return since
    },
    incidents: () => store.incidents.list(document.name),
    async failing() {
      const states = await statesOf(store, document.name)
      return [...failingNow(stored, all, states, Date.now())].map((id) => {
        const { reason = '', why = '' } = states.get(id)?.verdict ?? {}
        return { id, reason, why }
      })
    },
    verdicts: async () =>
      new Map([...(await statesOf(store, document.name))].map(([id, { verdict }]) => [id, verdict])),
    probes: all,
    ask: (probe) => probes.ask(stored, probe, new AbortController().signal),
    async close() {
      leave()
      await here.close()
    },
  }
}

type Here = Awaited<ReturnType<typeof openHere>>

function openHands(
  here: Here,
  provisioned: Awaited<ReturnType<Here['snapshot']>>,
  resources: Resource[],
): Hands {
  const { lab } = here
  const group = `/subscriptions/${everything.subscriptionId}/resourceGroups/rg-contoso-ai/providers`
  const at = (key: string) => {
    const found = resources.find((one) => one.key === key)
    if (!found) throw new Error(`the environment has no ${key}`)
    return { id: found.id, version: kindOf(found).apiVersion }
  }
  const stranger = () =>
    lab.post<{ token: string }>('/_lab/tokens', {
      audience: 'https://management.azure.com',
      roles: [],
      name: 'a stranger',
      objectId: '00000000-0000-4000-8000-00000000ba5e',
    })
  const call = async (method: string, path: string, body?: object): Promise<JsonObject> => {
    const headers = {
      authorization: `Bearer ${(await stranger()).token}`,
      'content-type': 'application/json',
      // API Management asks for it, and takes any.
      ...(/\/service\//.test(path) && method === 'DELETE' ? { 'if-match': '*' } : {}),
    }
    const answer = await fetch(new URL(path, lab.azure.url), {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
    // What takes Azure its time, takes it now.
    if (method !== 'GET') await here.advance(120)
    return text ? (JSON.parse(text) as JsonObject) : {}
  }
  const change = async (id: string, version: string, edit: (body: Editable) => void, more = '') => {
    const body = await call('GET', `${id}?api-version=${version}${more}`)
    edit(body as Editable)
    await call('PUT', `${id}?api-version=${version}`, body)
  }
  return {
    edit: (key, edit) => change(at(key).id, at(key).version, edit),
    async remove(key) {
      await call('DELETE', `${at(key).id}?api-version=${at(key).version}`)
    },
    async put(path, version, body) {
      await call('PUT', `${group}/${path}?api-version=${version}`, body)
    },
    async removeAt(path, version) {
      await call('DELETE', `${group}/${path}?api-version=${version}`)
    },
    read: (path, version) => call('GET', `${group}/${path}?api-version=${version}`),
    async editPolicy(key, edit) {
      const { id, version } = at(key)
      const { properties } = (await call('GET', `${id}?api-version=${version}&format=rawxml`)) as {
        properties: { value: string }
      }
      const value = edit(properties.value)
      if (value === properties.value) throw new Error(`nothing was changed in ${key}`)
      await call('PUT', `${id}?api-version=${version}`, { properties: { format: 'rawxml', value } })
    },
    fault: (fault) => lab.post('/_lab/faults', fault),
    async shows(key, properties) {
      const { id, version } = at(key)
      const body = await call('GET', `${id}?api-version=${version}`)
      const shown = { ...body, properties: { ...(body['properties'] as JsonObject), ...properties } }
      await lab.post('/_lab/faults', {
        match: { plane: 'arm', method: 'GET', path: `${id}\\?`, count: 'all' },
        do: { status: 200, body: shown },
      })
    },
    id: (key) => at(key).id,
    pass: (seconds) => here.advance(seconds),
    async undo() {
      const now = new Date().toISOString()
      const { offsetMs } = await lab.post<{ offsetMs: number }>('/_lab/state', { ...provisioned, now })
      setClockOffsetMs(offsetMs)
    },
  }
}

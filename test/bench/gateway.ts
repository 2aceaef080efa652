import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { type DataCall, isUnreached, type Vantage } from '../../lab/azure/data/call.ts'
import { principalOf } from '../../lab/azure/gateway/identity.ts'
import { openSettings } from '../../lab/azure/settings.ts'
import { openSimulation, type Simulation } from '../../lab/azure/simulation.ts'
import { restore, Snapshot } from '../../lab/azure/snapshot.ts'
import { openStore } from '../../lab/azure/store.ts'
import type { Start } from '../../lab/azure/traffic/request.ts'
import { parse } from '../../src/environment/parse.ts'
import { everything, openHere } from '../histories/world.ts'

/**
 * What the lab's data plane costs: calls a second through the gateway, by its simple and its full policy, over calls a second at a model; and how
 * many virtual hours of traffic go into a minute. The environment is the reference document, provisioned by the product itself. A real trace is
 * played too when TRACE_CONVERSATION names its file.
 */
interface Rates {
  model: number
  simple: number
  full: number
}
interface Figures {
  /** Medians over rounds, as are the ratios. */
  callsPerSecond: Rates
  simpleOverModel: number
  fullOverModel: number
  /** Of the conversation's traffic over the reference pool, by trace and scale. */
  traffic: Record<string, Hour>
}
/** A virtual hour: by the wall, which others share, and by the processor. */
interface Hour {
  hoursPerMinute: number
  processorSeconds: number
  attempts: number
}

const SERVICE = 'Microsoft.ApiManagement/service'
const CALLS = 500
const WARM_UP = 3
const ROUNDS = 15
const HOUR_SECONDS = 3600

export async function run(json: boolean): Promise<void> {
  const text = readFileSync('examples/contoso.yaml', 'utf8')
  const worlds = await provisioned({ simple: text, full: text.replace('logTo: none', 'logTo: eventHub') })
  const figures = await measured(worlds)
  if (json) console.log(JSON.stringify({ bench: 'gateway', figures }))
  else console.dir(figures)
}

async function provisioned<Name extends string>(documents: Record<Name, string>) {
  const here = await openHere({ temper: 'fast', surroundings: everything })
  const snapshots = {} as Record<Name, unknown>
  for (const name of Object.keys(documents) as Name[]) {
    const parsed = parse(documents[name], 'contoso')
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
    await here.reset()
    const { state } = await here.carryOut({ kind: 'provision', document: parsed.document }, [])
    if (state !== 'succeeded') throw new Error(`${name}: ${state}`)
    await here.advance(HOUR_SECONDS)
    snapshots[name] = await here.snapshot()
  }
  await here.close()
  return snapshots
}

async function opened(snapshot: unknown): Promise<Simulation> {
  const store = openStore(':memory:')
  const kept = store.table<unknown>('settings')
  // Nothing here goes over a wire.
  kept.put('authority', { certificate: '', privateKey: '' })
  const simulation = await openSimulation(
    store,
    kept,
    await openSettings(kept, { world: 'empty', speed: 'max' }),
  )
  restore(Snapshot.parse(snapshot), store, simulation.clock)
  return simulation
}

async function measured({ simple, full }: { simple: unknown; full: unknown }): Promise<Figures> {
  const [bySimple, byFull] = [await opened(simple), await opened(full)]
  const rounds: Rates[] = []
  // In turns, so that whatever else the machine does falls on all alike; the first rounds warm up.
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const rates = {
      model: await rateOf(bySimple, await modelCall(bySimple)),
      simple: await rateOf(bySimple, gatewayCall(bySimple)),
      full: await rateOf(byFull, gatewayCall(byFull)),
    }
    if (round >= WARM_UP) rounds.push(rates)
  }
  const middle = (figure: (rates: Rates) => number) => medianOf(rounds.map(figure))
  const synthetic = { synthetic: 'conversation', minutes: 60, seed: 1 } as const
  const path = process.env['TRACE_CONVERSATION']
  const traffic: Record<string, Hour> = {}
  for (const scale of [0.15, 1]) {
    traffic[`synthetic × ${scale}`] = await hourOf(simple, synthetic, scale)
    if (path) traffic[`trace × ${scale}`] = await hourOf(simple, path, scale)
  }
  for (const { timekeeper, store } of [bySimple, byFull]) {
    timekeeper.close()
    store.close()
  }
  return {
    callsPerSecond: {
      model: rounded(middle(({ model }) => model)),
      simple: rounded(middle(({ simple }) => simple)),
      full: rounded(middle(({ full }) => full)),
    },
    simpleOverModel: rounded(
      middle(({ simple, model }) => simple / model),
      3,
    ),
    fullOverModel: rounded(
      middle(({ full, model }) => full / model),
      3,
    ),
    traffic,
  }
}

const medianOf = (values: number[]) =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
const rounded = (value: number, digits = 0) => Number(value.toFixed(digits))

type Asking = { call: DataCall; from: Vantage }

const chat = (headers: Record<string, string>, host: string): DataCall => ({
  method: 'POST',
  host,
  path: '/openai/v1/chat/completions',
  headers: { 'content-type': 'application/json', 'x-lab-completion-tokens': '100', ...headers },
  body: JSON.stringify({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'Say it in a hundred words. '.repeat(20) }],
    max_tokens: 100,
  }),
  gone: new AbortController().signal,
  journalled: false,
})

function serviceIn({ azure }: Simulation) {
  const service = azure.all(SERVICE)[0]
  if (!service) throw new Error('there is no gateway')
  return service
}

async function modelCall(simulation: Simulation): Promise<Asking> {
  const { azure, tokens, network } = simulation
  const audience = 'https://cognitiveservices.azure.com'
  const objectId = principalOf(serviceIn(simulation), { azure }) ?? ''
  const { token } = await tokens.issue({ audience, objectId, seconds: 30 * 86_400 })
  const from = network.vantage('snet-apim') ?? 'internet'
  return { call: chat({ authorization: `Bearer ${token}` }, 'contoso-eus.openai.azure.com'), from }
}

function gatewayCall(simulation: Simulation): Asking {
  const { azure, network } = simulation
  const subscriptions = azure.children(serviceIn(simulation).id, `${SERVICE}/subscriptions`)
  const { properties, assigned } = subscriptions.find(({ properties: { state } }) => state === 'active') ?? {}
  const key = String(properties?.['primaryKey'] ?? assigned?.['primaryKey'])
  return {
    call: chat({ 'api-key': key }, 'contoso-apim.azure-api.net'),
    from: network.vantage() ?? 'internet',
  }
}

/** One call after the other, a second apart on the virtual clock: no limit is met. */
async function rateOf({ data, clock, store }: Simulation, { call, from }: Asking): Promise<number> {
  const begunMs = performance.now()
  for (let each = 0; each < CALLS; each++) {
    clock.jumpTo(clock.now() + 1000)
    const answer = await data.send(call, from)
    if (isUnreached(answer) || answer.status !== 200) throw new Error(JSON.stringify(answer))
  }
  const seconds = (performance.now() - begunMs) / 1000
  store.commit()
  return CALLS / seconds
}

async function hourOf(snapshot: unknown, trace: Start['trace'], scale: number): Promise<Hour> {
  const { traffic, timekeeper, store } = await opened(snapshot)
  traffic.start({
    gateway: 'contoso-apim',
    deployment: 'gpt-4o',
    trace,
    scale,
    maxTokens: 'generated',
    clients: 1,
    retries: 2,
    stream: 0,
  })
  const begunMs = performance.now()
  const before = process.cpuUsage()
  await timekeeper.advance(HOUR_SECONDS)
  const minutes = (performance.now() - begunMs) / 60_000
  const { user, system } = process.cpuUsage(before)
  const [{ attempts = 0 } = {}] = traffic.list()
  timekeeper.close()
  store.close()
  return {
    hoursPerMinute: rounded(1 / minutes, 1),
    processorSeconds: rounded((user + system) / 1e6, 1),
    attempts,
  }
}

import type { Document } from '../environment/schema.ts'
import type { Probe } from '../probes/probe.ts'
import { allEnvironments, type Store } from '../store/store.ts'
import type { Asking } from './ask-all.ts'
import { countRound, failingNow, type States, statesOf } from './count.ts'
import { type Channels, deliver, isOwing } from './deliver.ts'
import { beatMs, isDue } from './due.ts'
import { explain, isOpen } from './explain.ts'
import { resolved } from './incidents.ts'
import { giveLease, holdsLease, takeLease } from './lease.ts'
import { readiness } from './maintenance.ts'
import { mutedBy } from './muted.ts'
import { waitingRounds, writeAhead } from './round.ts'
import type { IncidentRow } from './rows.ts'
import { outdated } from './suspicion.ts'
import type { Probes } from './world.ts'

/**
 * One minute of probing: for each environment that is there, what earlier rounds left is counted, what is due is asked, written ahead and
 * counted, what fails is explained, and what has to be told is told. Killed anywhere, the next minute finishes it.
 */

/** The timer fires every minute; what is not answered by then is handed to the next one. */
const askForMs = 45_000

export interface Ticking {
  store: Store
  probes: Probes
  asking: (environment: string) => Asking
  /** Starts the run of an agent's life cycle, which takes minutes, unless one is under way. */
  startAgentRun(environment: string, probe: Probe): Promise<void>
  channels: Channels
  /** Thinks of a repair nobody asked for; what it decided, or nothing to think about. */
  repair(document: Document, incident: IncidentRow): Promise<IncidentRow>
  log(line: string): void
  clock: { nowMs(): number; random(): string }
}

export async function tick(ticking: Ticking): Promise<void> {
  const { store, log } = ticking
  const environments = await store.environments.list(allEnvironments)
  const gone = (await store.probing.list(allEnvironments)).filter(
    ({ environment }) => !environments.some(({ name }) => name === environment),
  )
  const rounds = [
    ...environments.map(({ name, document, operation }) =>
      minute(ticking, name, document, operation).catch((error: unknown) => log(`${name}: ${told(error)}`)),
    ),
    ...gone.map(({ environment }) => leave(ticking, environment)),
  ]
  await Promise.all(rounds)
}

const told = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error))

async function minute(ticking: Ticking, name: string, document: Document, operation: string): Promise<void> {
  const { store, clock } = ticking
  const probed = (await store.probing.get(allEnvironments, name)) !== undefined
  const latest = (await store.operations.get(name, operation))?.value
  const ready = readiness(latest, probed, clock.nowMs())
  if (ready.is === 'not there') return probed ? leave(ticking, name) : undefined
  // Each round is an owner of its own: a second one in the same process is a second one, too.
  const owner = clock.random()
  if (!(await takeLease(store, name, owner, clock.nowMs()))) return
  try {
    await round(ticking, document, owner, ready)
  } finally {
    await giveLease(store, name, owner)
  }
}

async function round(
  ticking: Ticking,
  document: Document,
  owner: string,
  ready: { maintenance: boolean; quietSinceMs: number },
): Promise<void> {
  const { store, probes: asking, clock, channels } = ticking
  const { name } = document
  const beganMs = clock.nowMs()
  const probes = asking.derive(document)
  /** Undefined: the lease is somebody else's by now. */
  const count = async (before: States): Promise<States | undefined> => {
    let states: States | undefined = before
    if (!(await holdsLease(store, name, owner, clock.nowMs()))) return undefined
    for (const one of await waitingRounds(store, name))
      states &&= await countRound(store, document, probes, one, clock.nowMs())
    return states
  }
  const before = await count(await statesOf(store, name))
  if (!before) return
  const due = dueNow(ticking, document, probes, before, ready.quietSinceMs)
  const glance = asking.glance(document, due)
  for (const probe of due.filter(isAgentRun)) await ticking.startAgentRun(name, probe)
  const taken = await ticking.asking(name).ask(
    due.filter((probe) => !isAgentRun(probe)),
    (probe) => glance.ask(probe, new AbortController().signal),
    beganMs + askForMs,
  )
  await writeAhead(store, name, taken, { nowMs: clock.nowMs(), random: clock.random() })
  const states = await count(before)
  if (!states) return
  const incidents = await explain(
    store,
    asking,
    glance,
    document,
    probes,
    states,
    await store.incidents.list(name),
    {
      ...ready,
      nowMs: clock.nowMs(),
    },
  )
  for (const incident of incidents) {
    const repaired = incident.state === 'fired' ? await ticking.repair(document, incident) : incident
    if (isOwing(repaired, channels.post !== undefined))
      await deliver(store, repaired, channels, clock.nowMs())
  }
}

export const isAgentRun = ({ module }: Probe): boolean => module === 'agent'

/** What is due, the longest waiting first. */
function dueNow(
  { clock }: Pick<Ticking, 'clock'>,
  document: Document,
  probes: Probe[],
  states: States,
  quietSinceMs: number,
): Probe[] {
  const nowMs = clock.nowMs()
  const muted = mutedBy(probes, failingNow(document, probes, states, nowMs))
  const again = outdated(probes, states, muted, quietSinceMs)
  return probes
    .filter((probe) => isDue(probe, states.get(probe.id), beatMs(probe, document), nowMs, again))
    .toSorted((a, b) => (states.get(a.id)?.lastMs ?? 0) - (states.get(b.id)?.lastMs ?? 0))
}

/** An environment that is being, or has been, taken away: whatever was told of it is told to be over. */
async function leave({ store, channels, clock }: Ticking, environment: string): Promise<void> {
  const nowMs = clock.nowMs()
  const incidents = await store.incidents.list(environment)
  let owing = false
  for (const incident of incidents) {
    const ended = isOpen(incident) ? resolved(incident, nowMs) : incident
    if (ended !== incident) await store.incidents.put(environment, ended.id, ended)
    if (!isOwing(ended, channels.post !== undefined)) continue
    const after = await deliver(store, ended, channels, nowMs)
    owing ||= isOwing(after, channels.post !== undefined)
  }
  if (!owing) await store.probing.remove(allEnvironments, environment)
}

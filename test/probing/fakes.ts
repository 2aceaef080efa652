import { readFileSync } from 'node:fs'
import { parse } from '../../src/environment/parse.ts'
import type { Document } from '../../src/environment/schema.ts'
import type { Cause } from '../../src/probes/diagnose/cause.ts'
import type { Probe, Verdict } from '../../src/probes/probe.ts'
import type { Reason } from '../../src/probes/reason.ts'
import { openAsking } from '../../src/probing/ask-all.ts'
import type { Channels } from '../../src/probing/deliver.ts'
import { probeKey } from '../../src/probing/keys.ts'
import type { IncidentRow } from '../../src/probing/rows.ts'
import { type Ticking, tick } from '../../src/probing/tick.ts'
import type { Probes, Seen } from '../../src/probing/world.ts'
import type { Observation } from '../../src/reconcile/observation.ts'
import { allEnvironments, type OperationRow, type Store } from '../../src/store/store.ts'
import { memoryStore } from '../memory-store.ts'

const parsed = parse(readFileSync('examples/small.yaml', 'utf8'), 'contoso')
if ('faults' in parsed) throw new Error('the example is no document')
export const document: Document = parsed.document

/** A probe of a name; only what a test is about is given. */
export const probe = (id: string, changes: Partial<Omit<Probe, 'module' | 'target'>> = {}): Probe => ({
  id,
  title: id,
  module: 'tcp',
  target: { host: id, port: 443, within: ['192.168.2.0/26'] },
  layer: 'tcp',
  expect: 'works',
  vantage: 'inside',
  beat: 'network',
  needs: [],
  proves: [],
  suspects: [],
  limit: id,
  ...changes,
})

export const verdict = (
  result: Verdict['result'],
  reason: Reason = result === 'pass' ? 'Works' : 'TimedOut',
): Verdict => ({
  result,
  reason,
  why: `it says ${reason}`,
  phases: [{ name: 'connect', ms: 4 }],
  trace: ['connecting to 192.168.2.5:443'],
})

export const operation = (changes: Partial<OperationRow> = {}): OperationRow => ({
  id: 'contoso-provision-20261125T000000Z-abcd',
  environment: 'contoso',
  kind: 'provision',
  state: 'succeeded',
  document,
  documentHash: '',
  generation: 1,
  createdMs: 0,
  finishedMs: 0,
  ...changes,
})

/** By the plainest rule: a failing probe is its own cause, of its first suspect if that is seen to differ. */
const plainCauses =
  (observations: ReadonlyMap<string, Observation>): Seen['explain'] =>
  (failing, muted) =>
    failing.map(({ probe: { id, layer, suspects }, verdict: { reason } }): Cause => {
      const resource = suspects.find((key) => observations.get(key)?.state === 'drifted')
      return {
        key: resource ?? `${id} ${reason}`,
        layer,
        ...(resource ? { resource, repair: { resource, class: 'safe' } } : {}),
        reason,
        message: `${id} ${reason}`,
        remedy: 'mend it',
        roots: [id],
        muted: [...muted].filter(([, root]) => root === id).map(([muted]) => muted),
      }
    })

/** An environment of made-up probes on a clock that a test moves; what they answer is the test's to say. */
export function world(
  probes: Probe[],
  { kept = memoryStore(), hook }: { kept?: Store; hook?: Channels['post'] } = {},
) {
  const startMs = Date.parse('2026-11-25T10:00:00Z')
  const told: string[] = []
  const answers = new Map<string, Verdict>()
  const asked: string[] = []
  const looked: string[][] = []
  const begun: string[] = []
  const repairs: string[] = []
  const observations = new Map<string, Observation>()
  let described = probes
  let nowMs = startMs
  let drawn = 0
  const answer = (id: string) => {
    asked.push(id)
    return answers.get(id) ?? verdict('pass')
  }
  const fake: Probes = {
    derive: () => described,
    coverage: (_document, all) => ({
      provable: all.length,
      covered: all.length,
      provenBy: new Map(
        [...new Set(all.flatMap(({ proves }) => proves))].map((key) => [
          key,
          all.filter(({ proves }) => proves.includes(key)).map(({ id }) => id),
        ]),
      ),
      uncovered: [],
      notProvable: [{ key: 'security-group/nsg-private-endpoints', why: 'said so' }],
    }),
    ask: async (_document, { id }) => answer(id),
    glance: () => ({
      ask: async ({ id }) => answer(id),
      async look(keys) {
        looked.push(keys)
        return { observations, bodies: new Map(), explain: plainCauses(observations) }
      },
    }),
  }
  const ticking = (store: Store): Ticking => ({
    store,
    probes: fake,
    asking: () =>
      openAsking(
        () => undefined,
        () => nowMs,
      ),
    async startAgentRun(_environment, { id }) {
      begun.push(id)
    },
    channels: { log: (line) => told.push(line), ...(hook ? { post: hook } : {}) },
    async repair(_document, incident) {
      repairs.push(incident.cause.key)
      return incident
    },
    log: (line) => {
      throw new Error(line)
    },
    clock: { nowMs: () => nowMs, random: () => String(++drawn).padStart(4, '0') },
  })
  return {
    store: kept,
    probes: fake,
    startMs,
    asked,
    looked,
    begun,
    repairs,
    observations,
    async begin(row = operation()) {
      await kept.environments.put(allEnvironments, 'contoso', {
        name: 'contoso',
        document,
        documentHash: '',
        operation: row.id,
        updatedMs: 0,
      })
      await kept.operations.put('contoso', row.id, row)
    },
    /** The next minute comes. */
    async minute(store: Store = kept) {
      asked.length = 0
      nowMs += 60_000
      await tick(ticking(store))
    },
    async minutes(count: number) {
      for (let left = count; left > 0; left--) await this.minute()
    },
    now: () => nowMs,
    pass(ms: number) {
      nowMs += ms
    },
    answers: (id: string, result: Verdict['result'], reason?: Reason) =>
      answers.set(id, verdict(result, reason)),
    describe(all: Probe[]) {
      described = all
    },
    /** What was told to people: `fired` or `resolved`, and the cause. */
    told: () =>
      told
        .map((line) => JSON.parse(line.slice('ops.alert '.length)) as { alert: string; cause: string })
        .map(({ alert, cause }) => `${alert} ${cause}`),
    async state(id: string) {
      return (await kept.probeStates.get('contoso', probeKey(id)))?.value
    },
    incidents: (): Promise<IncidentRow[]> => kept.incidents.list('contoso'),
  }
}

export const noProbes: Probes = world([]).probes

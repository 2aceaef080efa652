import type { Document } from '../environment/schema.ts'
import { budget } from '../probes/budget.ts'
import type { Probe, Verdict } from '../probes/probe.ts'
import type { Store } from '../store/store.ts'
import { failingNow, type States, statesOf } from './count.ts'
import { probeKey } from './keys.ts'
import { mutedBy } from './muted.ts'
import type { FailureRow } from './rows.ts'
import { type ServiceLevel, serviceLevels } from './service-level.ts'
import { standsAt, totalMs } from './tally.ts'

/** What the API shows of probing. Times are ISO 8601, UTC. */

export interface ProbeView {
  /** Names it in paths. */
  key: string
  id: string
  title: string
  module: Probe['module']
  layer: Probe['layer']
  expect: Probe['expect']
  vantage: Probe['vantage']
  beat: Probe['beat']
  stands: 'passing' | 'failing' | 'muted' | 'inconclusive' | 'never asked'
  /** The last rounds, the newest last: p(ass), f(ail), m(uted failure), i(nconclusive). */
  recent: string
  since?: string
  askedAt?: string
  ms?: number
  reason?: string
  why?: string
  /** The failure behind which it stands. */
  behind?: string
  /** Object id of who handed the last verdict in. */
  handedInBy?: string
}

export interface ProbesView {
  environment: string
  probes: ProbeView[]
  coverage: { provable: number; covered: number; notProvable: number }
  /** Of a month of 30 days, by list prices. */
  budget: {
    dollars: number
    runs: number
    promptTokens: number
    completionTokens: number
    unpriced: string[]
  }
  serviceLevels: ServiceLevel[]
}

export async function showProbes(
  store: Pick<Store, 'probeStates'>,
  document: Document,
  probes: Probe[],
  coverage: { provable: number; covered: number; notProvable: unknown[] },
  nowMs: number,
): Promise<ProbesView> {
  const states = await statesOf(store, document.name)
  const muted = mutedBy(probes, failingNow(document, probes, states, nowMs))
  const { total, unpriced } = budget(probes, document.probes)
  return {
    environment: document.name,
    probes: probes.map((probe) => viewOf(probe, states, muted)),
    coverage: {
      provable: coverage.provable,
      covered: coverage.covered,
      notProvable: coverage.notProvable.length,
    },
    budget: { ...total, dollars: Math.round(total.dollars * 100) / 100, unpriced },
    serviceLevels: serviceLevels(probes, states, nowMs),
  }
}

function viewOf(probe: Probe, states: States, muted: ReadonlyMap<string, string>): ProbeView {
  const { id, title, module, layer, expect, vantage, beat } = probe
  const plain = { key: probeKey(id), id, title, module, layer, expect, vantage, beat }
  const state = states.get(id)
  if (!state) return { ...plain, stands: 'never asked', recent: '' }
  const { verdict, recent, sinceMs, lastMs, handedInBy } = state
  const behind = muted.get(id)
  const mark = standsAt(state)
  const stands =
    mark === 'p'
      ? 'passing'
      : mark === undefined
        ? 'inconclusive'
        : behind === undefined
          ? 'failing'
          : 'muted'
  return {
    ...plain,
    stands,
    recent: recent.map(([, one]) => one).join(''),
    since: iso(sinceMs),
    askedAt: iso(lastMs),
    ms: totalMs(verdict),
    ...(verdict.result === 'pass' ? {} : { reason: verdict.reason, why: verdict.why }),
    ...(behind === undefined ? {} : { behind }),
    ...(handedInBy === undefined ? {} : { handedInBy }),
  }
}

export interface ProbeDetail extends ProbeView {
  /** What it asks, as it was derived. */
  target: Probe['target']
  needs: string[]
  proves: string[]
  suspects: string[]
  verdict?: Verdict
  /** Newest first; of a failure behind another one, only the first. */
  failures: { at: string; behind?: string; verdict: Verdict }[]
}

const mostFailures = 50

export async function showProbe(
  store: Pick<Store, 'probeStates' | 'failures'>,
  document: Document,
  probes: Probe[],
  probe: Probe,
  nowMs: number,
): Promise<ProbeDetail> {
  const states = await statesOf(store, document.name)
  const key = probeKey(probe.id)
  const rows: FailureRow[] = await store.failures.list(document.name, { from: `${key}-`, before: `${key}.` })
  const { target, needs, proves, suspects } = probe
  const state = states.get(probe.id)
  return {
    ...viewOf(probe, states, mutedBy(probes, failingNow(document, probes, states, nowMs))),
    target,
    needs,
    proves,
    suspects,
    ...(state ? { verdict: state.verdict } : {}),
    failures: rows
      .toReversed()
      .slice(0, mostFailures)
      .map(({ atMs, behind, verdict }) => ({
        at: iso(atMs),
        ...(behind === undefined ? {} : { behind }),
        verdict,
      })),
  }
}

const iso = (ms: number) => new Date(ms).toISOString()

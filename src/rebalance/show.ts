import { learnedCapacities } from '../balance/index.ts'
import { type Bounds, quotaShares, type Shares, sharesOf, type Weights } from '../gateway/shares.ts'
import { allEnvironments, type Store } from '../store/store.ts'
import type { BalanceWorld, Watched } from './deeds.ts'
import { groupStates } from './group-state.ts'
import { weightsIn } from './live-pool.ts'
import { type Found, poolOf, poolsOf } from './pool-of.ts'
import { type BalanceRow, type DecisionRow, decisionsOf, type Evidence, type Grade, timeKey } from './rows.ts'
import { type Mode, modeInForce } from './why-not.ts'

/** Times are ISO 8601, UTC. */
export interface PoolView {
  pool: string
  /** The mode in force, and the document's, with what makes them differ. */
  mode: Mode
  described: Mode
  because?: string
  /** When the last turn looked; shares are of that moment. Absent before the first. */
  lookedAt?: string
  members: MemberView[]
  /** What every minute is watched for. */
  episode?: { since: string; because: string; alertAt?: string; busyAt?: string }
  hold?: { reason: string; message: string; found: Weights; since: string; until: string }
  /** Newest first. */
  decisions: DecisionView[]
  /** Of the decisions of the last week that were only shown: how many would have helped, and how many not. */
  shadowed: Record<Grade['grade'], number>
}

export interface MemberView {
  backend: string
  account: string
  priority: number
  /** Parts of the group's traffic. */
  share?: number
  shadowShare?: number
  quotaShare: number
  quotaTokensPerMinute?: number
  /** What it was seen to admit, in tokens as the metrics count them. */
  learnedTokensPerMinute?: number
  bounds?: Bounds
}

export interface DecisionView
  extends Omit<
    DecisionRow,
    'environment' | 'pool' | 'atMs' | 'untilMs' | 'writtenMs' | 'readBackMs' | 'evidence' | 'grade'
  > {
  at: string
  until?: string
  writtenAt?: string
  readBackAt?: string
  evidence?: Omit<Evidence, 'fromMs' | 'untilMs'> & { from: string; until: string }
  grade?: Omit<Grade, 'gradedMs'> & { gradedAt: string }
}

const mostShown = 5
const mostListed = 1_000
const weekMs = 7 * 24 * 3_600_000

type Needs = Pick<BalanceWorld, 'store' | 'surroundings' | 'autoBalance'>

/** Every pool of an environment; undefined when there is no such environment. */
export async function showPools(
  world: Needs,
  environment: string,
  nowMs: number,
): Promise<PoolView[] | undefined> {
  if (!(await world.store.environments.get(allEnvironments, environment))) return undefined
  return Promise.all((await poolsOf(world, environment)).map((found) => showPool(world, found, nowMs)))
}

async function showPool({ store, autoBalance }: Needs, found: Found, nowMs: number): Promise<PoolView> {
  const { document, subject } = found
  const { environment, pool } = subject
  const row = (await store.balance.get(environment, pool))?.value
  const week = await listed(store, subject, nowMs - weekMs)
  return {
    pool,
    ...modeInForce(subject, document.mode, autoBalance),
    described: subject.mode,
    ...(row?.turnMs === undefined ? {} : { lookedAt: iso(row.turnMs) }),
    members: membersOf(found, row),
    ...(row?.episode ? { episode: episodeView(row.episode) } : {}),
    ...(row?.hold ? { hold: holdView(row.hold) } : {}),
    decisions: week.slice(0, mostShown).map(decisionView),
    shadowed: tally(week),
  }
}

function membersOf({ subject }: Found, row: BalanceRow | undefined): MemberView[] {
  const { born, bounds, sources } = subject
  const weights = row?.hold?.reason === 'edited' ? row.hold.found : row?.ours
  const live = { members: born, sticky: subject.sticky, withoutBreaker: [] }
  const groups = groupStates(subject, live, weights ?? weightsIn(born), row?.quotas)
  return born.map(({ backend, priority }) => {
    const group = born.filter((member) => member.priority === priority).map((member) => member.backend)
    const state = groups.find((one) => one.priority === priority)?.state
    const memory = row?.memories[priority]
    const quotas = Object.fromEntries(
      group.map((name) => [name, state?.backends.find((one) => one.name === name)?.quotaTokensPerMinute]),
    )
    const quota = quotas[backend]
    const learned = state && memory ? learnedCapacities(state, memory)?.[backend] : undefined
    const limits = bounds[backend]
    return {
      backend,
      account: sources.find((source) => source.backend === backend)?.account ?? '',
      priority,
      ...named('share', shareIn(weights, group, backend)),
      ...named('shadowShare', shareIn(row?.shadow, group, backend)),
      quotaShare: rounded(quotaShares(quotas)[backend] ?? 0),
      ...named('quotaTokensPerMinute', quota),
      ...named('learnedTokensPerMinute', learned === undefined ? undefined : Math.round(learned)),
      ...(limits ? { bounds: limits } : {}),
    }
  })
}

/** Undefined where the weights are not of this group. */
function shareIn(weights: Weights | undefined, group: string[], backend: string): number | undefined {
  const own: Shares = {}
  for (const name of group) {
    const weight = weights?.[name]
    if (weight === undefined) return undefined
    own[name] = weight
  }
  return rounded(sharesOf(own)[backend] ?? 0)
}

const named = <Name extends string>(name: Name, value: number | undefined): Partial<Record<Name, number>> =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, number>>
const rounded = (share: number) => Number(share.toFixed(4))

const episodeView = ({ openedMs, because, alertMs, busyMs }: NonNullable<BalanceRow['episode']>) => ({
  since: iso(openedMs),
  because,
  ...(alertMs === undefined ? {} : { alertAt: iso(alertMs) }),
  ...(busyMs === undefined ? {} : { busyAt: iso(busyMs) }),
})

const holdView = ({ reason, message, found, sinceMs, untilMs }: NonNullable<BalanceRow['hold']>) => ({
  reason,
  message,
  found,
  since: iso(sinceMs),
  until: iso(untilMs),
})

function tally(decisions: DecisionRow[]): Record<Grade['grade'], number> {
  const count = { helped: 0, 'no difference': 0, hurt: 0, 'cannot tell': 0 }
  for (const { state, grade } of decisions) if (state === 'shadow' && grade) count[grade.grade]++
  return count
}

/** Decisions since a moment, newest first; undefined when there is no such pool. */
export async function showDecisions(
  world: Pick<BalanceWorld, 'store' | 'surroundings'>,
  watched: Watched,
  sinceMs: number,
): Promise<DecisionView[] | undefined> {
  if (!(await poolOf(world, watched))) return undefined
  const rows = await listed(world.store, watched, sinceMs)
  return rows.slice(0, mostListed).map(decisionView)
}

/** Those taken since then, and the hold that was going on. Newest first. */
async function listed({ decisions, balance }: Store, watched: Watched, sinceMs: number) {
  const { environment, pool } = watched
  const rows = await decisions.list(decisionsOf(environment, pool), { from: timeKey(sinceMs) })
  const latest = (await balance.get(environment, pool))?.value.latest
  const goesOn = latest && !rows.some(({ id }) => id === latest.id) ? [latest] : []
  return [...goesOn, ...rows.toReversed()]
}

function decisionView(row: DecisionRow): DecisionView {
  const {
    environment: _environment,
    pool: _pool,
    atMs,
    untilMs,
    writtenMs,
    readBackMs,
    evidence,
    grade,
    ...rest
  } = row
  return {
    ...rest,
    at: iso(atMs),
    ...(untilMs === undefined ? {} : { until: iso(untilMs) }),
    ...(writtenMs === undefined ? {} : { writtenAt: iso(writtenMs) }),
    ...(readBackMs === undefined ? {} : { readBackAt: iso(readBackMs) }),
    ...(evidence
      ? { evidence: { from: iso(evidence.fromMs), until: iso(evidence.untilMs), totals: evidence.totals } }
      : {}),
    ...(grade ? { grade: { grade: grade.grade, why: grade.why, gradedAt: iso(grade.gradedMs) } } : {}),
  }
}

const iso = (ms: number) => new Date(ms).toISOString()

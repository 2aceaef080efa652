import { expand, type Surroundings } from '../environment/expand.ts'
import type { Document } from '../environment/schema.ts'
import type { Finding } from '../reconcile/drift.ts'
import type { Step } from '../reconcile/plan.ts'
import { type Condition, conditions } from '../reconcile/standing.ts'
import { leftBehind } from '../resources/made.ts'
import { isProtected, protection } from '../resources/protection.ts'
import {
  allEnvironments,
  isFinalState,
  type OperationKind,
  type OperationRow,
  type OperationState,
  type Store,
} from '../store/store.ts'
import type { Orchestrations } from './begin.ts'
import { environmentOf } from './identifier.ts'

/** An operation as the API shows it. Times are ISO 8601, UTC. */
export interface OperationView {
  id: string
  environment: string
  kind: OperationKind
  state: OperationState
  createdAt: string
  startedAt?: string
  finishedAt?: string
  cancelRequested?: true
  planHash?: string
  /** Object id of the person who approved it. */
  approvedBy?: string
  /** The plan made at the first look; empty when there was nothing to do. */
  steps: Step[]
  conditions: Condition[]
  error?: { reason: string; message: string }
  /** Something from outside that keeps it waiting. */
  notice?: { reason: string; message: string }
  /** Begun by the service itself. */
  automatic?: true
}

/** An environment as the API shows it. */
export interface EnvironmentView {
  name: string
  updatedAt: string
  document: Document
  documentHash: string
  /** The latest operation. */
  operation: { id: string; state: OperationState }
  conditions: Condition[]
  /** What the last sweep found; absent before the first. */
  drift?: { checkedAt: string; findings: Finding[]; unreadable: number }
  /** Keys of what a destroy leaves unless protected resources are included. */
  protected: string[]
  /** Made for earlier documents and no longer described: kept until the environment is destroyed. */
  leftBehind: string[]
  paused: { resource: string; reason: string; by: string; until: string }[]
}

/** @returns undefined when there is no such operation */
export async function showOperation(
  store: Store,
  orchestrations: Orchestrations,
  id: string,
): Promise<OperationView | undefined> {
  const before = await findOperation(store, id)
  if (!before) return undefined
  const ended = !isFinalState(before.state) && (await orchestrations.status(id)) === 'ended'
  // It may have ended between the two reads, and well: only what its row says now tells.
  const row = ended ? ((await findOperation(store, id)) ?? before) : before
  const died = ended && !isFinalState(row.state)
  const [steps, standings] = await Promise.all([store.steps.list(id), store.standings.list(id)])
  return {
    id,
    environment: row.environment,
    kind: row.kind,
    state: died ? 'failed' : row.state,
    createdAt: iso(row.createdMs),
    ...(row.startedMs === undefined ? {} : { startedAt: iso(row.startedMs) }),
    ...(row.finishedMs === undefined ? {} : { finishedAt: iso(row.finishedMs) }),
    ...(row.cancelRequested ? { cancelRequested: true } : {}),
    ...(row.planHash === undefined ? {} : { planHash: row.planHash }),
    ...(row.approvedBy === undefined ? {} : { approvedBy: row.approvedBy }),
    steps,
    conditions: standings.flatMap(conditions),
    ...(row.notice && !isFinalState(row.state) ? { notice: row.notice } : {}),
    ...(row.automatic ? { automatic: true as const } : {}),
    ...(died ? { error: broken } : row.error ? { error: row.error } : {}),
  }
}

const broken = {
  reason: 'OrchestrationEnded',
  message:
    'its orchestration ended before its time, which is a defect: see the log of the app, then apply the document again',
}

/** @returns undefined when there is no such environment */
export async function showEnvironment(
  store: Store,
  surroundings: Surroundings,
  name: string,
): Promise<EnvironmentView | undefined> {
  const found = await store.environments.get(allEnvironments, name)
  if (!found) return undefined
  const { document, documentHash, operation, updatedMs } = found.value
  const [row, standings, drift, pauses, inventory] = await Promise.all([
    findOperation(store, operation),
    store.standings.list(operation),
    store.drift.get(allEnvironments, name),
    store.pauses.list(name),
    store.inventory.list(name),
  ])
  const described = expand(document, surroundings)
  const protect = protection(document.protect, inventory)
  const left = leftBehind(described, inventory)
  return {
    name,
    updatedAt: iso(updatedMs),
    document,
    documentHash,
    operation: { id: operation, state: row?.state ?? 'queued' },
    conditions: standings.flatMap(conditions),
    ...(drift
      ? {
          drift: {
            checkedAt: iso(drift.value.checkedMs),
            findings: drift.value.findings,
            unreadable: drift.value.unreadable,
          },
        }
      : {}),
    protected: [...described, ...left]
      .filter((resource) => !resource.existing && isProtected(resource, protect))
      .map(({ key }) => key),
    leftBehind: left.map(({ key }) => key),
    paused: pauses.map(({ untilMs, ...pause }) => ({ ...pause, until: iso(untilMs) })),
  }
}

/** Every environment, by name, without documents and conditions. */
export async function listEnvironments(
  store: Store,
): Promise<Pick<EnvironmentView, 'name' | 'updatedAt' | 'operation'>[]> {
  const rows = await store.environments.list(allEnvironments)
  return Promise.all(
    rows.map(async ({ name, operation, updatedMs }) => ({
      name,
      updatedAt: iso(updatedMs),
      operation: {
        id: operation,
        state: (await findOperation(store, operation))?.state ?? ('queued' as const),
      },
    })),
  )
}

async function findOperation(store: Store, id: string): Promise<OperationRow | undefined> {
  const environment = environmentOf(id)
  return environment === undefined ? undefined : (await store.operations.get(environment, id))?.value
}

const iso = (ms: number) => new Date(ms).toISOString()

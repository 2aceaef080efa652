import type { TokenCredential } from '@azure/identity'
import type { Alert } from '../alerts/read.ts'
import type { Document } from '../environment/schema.ts'
import { once } from '../once.ts'
import type { FailureRow, HourRow, IncidentRow, ProbingRow, RoundRow, StateRow } from '../probing/rows.ts'
import type { BalanceRow, DecisionRow } from '../rebalance/rows.ts'
import type { Finding } from '../reconcile/drift.ts'
import type { Step } from '../reconcile/plan.ts'
import type { Pause } from '../reconcile/restraint.ts'
import type { Intent, Remembered } from '../reconcile/standing.ts'
import type { Made } from '../resources/made.ts'
import { openTable, type Table } from './table.ts'

/** The latest document of an environment and the operation that carries it out. */
export interface EnvironmentRow {
  name: string
  document: Document
  documentHash: string
  /** Id of the latest operation. */
  operation: string
  updatedMs: number
}

export type OperationState =
  | 'queued'
  | 'running'
  | 'awaiting-approval'
  | 'succeeded'
  | 'partial'
  | 'failed'
  | 'cancelled'

/** What an operation is for. Provision and repair are one thing: make it as the document says. */
export type OperationKind = 'provision' | 'repair' | 'destroy'

/** One run of provision, repair or destroy. It keeps the document it was begun with, so that nothing moves under it. */
export interface OperationRow {
  id: string
  environment: string
  kind: OperationKind
  /** Of a destroy: protected resources go too. */
  includeProtected?: boolean
  /** Begun by the service itself. */
  automatic?: boolean
  state: OperationState
  document: Document
  documentHash: string
  /** Of the lease this operation holds; a writer with an older one must not write. */
  generation: number
  createdMs: number
  startedMs?: number
  finishedMs?: number
  /** When it last looked at Azure. */
  lookedMs?: number
  planHash?: string
  /** Hash of the plan a person has approved, and who. */
  approvedHash?: string
  approvedBy?: string
  cancelRequested?: boolean
  error?: { reason: string; message: string }
  /** Something from outside that keeps it waiting. */
  notice?: { reason: string; message: string }
}

/** The one lock of an environment (docs/decisions/0006). It never expires by time. */
export interface LeaseRow {
  operation: string
  /** Raised each time the lease changes hands. */
  generation: number
  takenMs: number
  /** Of what was asked: kind, document and options. The same again joins the operation. */
  requestHash: string
}

/** What a sweep found of an environment; empty findings: as described. */
export interface DriftRow {
  environment: string
  checkedMs: number
  findings: Finding[]
  unreadable: number
}

/** A notice of Azure Monitor, as it was first heard of. */
export interface AlertRow extends Alert {
  recordedMs: number
}

/** Something in the alerts' hub that is no alert. */
export interface DeadLetterRow {
  /** Where it stood. */
  place: string
  enqueuedMs: number
  reason: string
  text: string
}

export interface Store {
  environments: Table<EnvironmentRow>
  operations: Table<OperationRow>
  leases: Table<LeaseRow>
  /** By operation. */
  steps: Table<Step>
  /** By operation. */
  standings: Table<Remembered>
  /** By environment: everything it has ever written and not seen go, also what its document no longer describes. */
  inventory: Table<Made>
  /** By environment. */
  pauses: Table<Pause>
  /** One row per environment: what the last sweep found. */
  drift: Table<DriftRow>
  /** By environment: a write outlives the operation that began it. */
  intents: Table<Intent>
  /** In the order of time. */
  alerts: Table<AlertRow>
  /** In the order of time. */
  deadLetters: Table<DeadLetterRow>
  /** One row per environment that is probed. */
  probing: Table<ProbingRow>
  /** By environment: verdicts that were given and are not counted yet. */
  rounds: Table<RoundRow>
  /** By environment: how each probe stands. */
  probeStates: Table<StateRow>
  /** By environment: each probe's hours, and its days once the hours are a week old. */
  verdicts: Table<HourRow>
  /** By environment. */
  failures: Table<FailureRow>
  /** By environment, in the order of time. */
  incidents: Table<IncidentRow>
  /** By environment: one row per pool, what the rebalancer knows of it. */
  balance: Table<BalanceRow>
  /** By environment and pool, in the order of time. */
  decisions: Table<DecisionRow>
}

/** Partition of tables that hold one row per environment. */
export const allEnvironments = 'environment'

/** Partition of tables whose rows are told apart by time alone. */
export const onePartition = 'all'

export const isFinalState = (state: OperationState): boolean =>
  state === 'succeeded' || state === 'partial' || state === 'failed' || state === 'cancelled'

/**
 * @param url of the Functions app's table service
 * @param credential the app's identity
 */
export function openStore(url: string, credential: () => Promise<TokenCredential>): Store {
  const table = <Value>(name: string): Table<Value> =>
    openTable<Value>(
      once(async () => {
        const { TableClient } = await import('@azure/data-tables')
        const client = new TableClient(url, name, await credential(), { retryOptions: { maxRetries: 0 } })
        await client.createTable()
        return client
      }),
    )
  return {
    environments: table('OpsEnvironments'),
    operations: table('OpsOperations'),
    leases: table('OpsLeases'),
    steps: table('OpsSteps'),
    standings: table('OpsStandings'),
    intents: table('OpsIntents'),
    inventory: table('OpsInventory'),
    pauses: table('OpsPauses'),
    drift: table('OpsDrift'),
    alerts: table('OpsAlerts'),
    deadLetters: table('OpsDeadLetters'),
    probing: table('OpsProbing'),
    rounds: table('OpsRounds'),
    probeStates: table('OpsProbeStates'),
    verdicts: table('OpsVerdicts'),
    failures: table('OpsFailures'),
    incidents: table('OpsIncidents'),
    balance: table('OpsBalance'),
    decisions: table('OpsDecisions'),
  }
}

import { hash } from '../environment/canonical.ts'
import type { Document } from '../environment/schema.ts'
import {
  allEnvironments,
  isFinalState,
  type LeaseRow,
  type OperationKind,
  type OperationRow,
  type Store,
} from '../store/store.ts'
import { operationId } from './identifier.ts'
import { updateOperation } from './update.ts'

/** What the deeds know of orchestrations; the doors bring the real ones. */
export interface Orchestrations {
  /** `absent`: nobody has started one by this id. `ended`: completed, failed or terminated. */
  status(id: string): Promise<'absent' | 'alive' | 'ended'>
  /** Starts `reconcile` under this id; one that is alive already is left alone. */
  start(id: string, run: { operation: string; generation: number }): Promise<void>
}

/** What is asked of an environment. */
export interface Request {
  kind: OperationKind
  document: Document
  /** Of a destroy. */
  includeProtected?: boolean
  /** Nobody asked. */
  automatic?: boolean
}

export type Begun = { is: 'begun' | 'joined'; operation: string } | { is: 'busy'; operation: string }

/** A lease whose operation never got its orchestration is free after this long. */
const orphanSeconds = 120

/**
 * Begins the operation that carries out a request, and stores its document; or joins the one under way, when it carries out the same
 * request. May be killed at any point and called again: the lease names the operation before anything else exists, and whoever
 * comes next with the same request completes it.
 */
export async function begin(
  store: Store,
  orchestrations: Orchestrations,
  request: Request,
  clock: { nowMs: number; random: string },
): Promise<Begun> {
  const requestHash = hash(request)
  const { document } = request
  for (;;) {
    const held = await store.leases.get(allEnvironments, document.name)
    if (held && (await isLive(store, orchestrations, held.value, document.name, clock.nowMs))) {
      if (held.value.requestHash !== requestHash) return { is: 'busy', operation: held.value.operation }
      await complete(store, orchestrations, request, held.value, clock.nowMs)
      return { is: 'joined', operation: held.value.operation }
    }
    const lease: LeaseRow = {
      operation: operationId(document.name, request.kind, clock.nowMs, clock.random),
      generation: (held?.value.generation ?? 0) + 1,
      takenMs: clock.nowMs,
      requestHash,
    }
    const taken = held
      ? await store.leases.replace(allEnvironments, document.name, lease, held.etag)
      : await store.leases.insert(allEnvironments, document.name, lease)
    if (!taken) continue
    if (held) await abandon(store, held.value.operation, clock.nowMs)
    await complete(store, orchestrations, request, lease, clock.nowMs)
    return { is: 'begun', operation: lease.operation }
  }
}

/** The lease is held while its operation is not final and its orchestration is there, or may still come. */
async function isLive(
  store: Store,
  orchestrations: Orchestrations,
  lease: LeaseRow,
  environment: string,
  nowMs: number,
): Promise<boolean> {
  const operation = await store.operations.get(environment, lease.operation)
  if (operation && isFinalState(operation.value.state)) return false
  const status = await orchestrations.status(lease.operation)
  return status === 'alive' || (status === 'absent' && nowMs - lease.takenMs < orphanSeconds * 1000)
}

/** Everything the lease promises, each part unless it is there. */
async function complete(
  store: Store,
  orchestrations: Orchestrations,
  { kind, document, includeProtected, automatic }: Request,
  lease: LeaseRow,
  nowMs: number,
): Promise<void> {
  const documentHash = hash(document)
  const row: OperationRow = {
    id: lease.operation,
    environment: document.name,
    kind,
    ...(includeProtected ? { includeProtected } : {}),
    ...(automatic ? { automatic } : {}),
    state: 'queued',
    document,
    documentHash,
    generation: lease.generation,
    createdMs: lease.takenMs,
  }
  await store.operations.insert(document.name, lease.operation, row)
  await store.environments.put(allEnvironments, document.name, {
    name: document.name,
    document,
    documentHash,
    operation: lease.operation,
    updatedMs: nowMs,
  })
  await orchestrations.start(lease.operation, { operation: lease.operation, generation: lease.generation })
}

/** Says of an operation that lost its orchestration that it will not go on. */
const abandon = (store: Store, operation: string, nowMs: number) =>
  updateOperation(store, operation, (row) =>
    isFinalState(row.state)
      ? row
      : {
          ...row,
          state: 'failed',
          finishedMs: nowMs,
          error: {
            reason: 'Abandoned',
            message: 'its orchestration ended or never began; a later operation has taken over',
          },
        },
  )

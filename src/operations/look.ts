import { decide, decideRemoval, type End } from '../reconcile/decide.ts'
import { spared } from '../reconcile/due.ts'
import type { Observation } from '../reconcile/observation.ts'
import { type Plan, plan, removalPlan } from '../reconcile/plan.ts'
import { bearing } from '../reconcile/situation.ts'
import type { JsonObject, Resource } from '../resources/kind.ts'
import { isForeign, knownIds } from '../resources/made.ts'
import { isProtected, protection } from '../resources/protection.ts'
import { allEnvironments, isFinalState, type OperationRow } from '../store/store.ts'
import { approvedSteps, awaitApproval, storeSteps } from './approval.ts'
import type { Looked, Run, World } from './deeds.ts'
import { gatherEvidence } from './evidence.ts'
import { holds } from './lease.ts'
import { observeAll } from './observe-all.ts'
import { forgetGone, noteAdopted, remember } from './remember.ts'
import { resourcesOf, toObserve, toObserveForRemoval } from './scope.ts'
import { updateOperation } from './update.ts'

/** Observes what is not settled, decides what to do now, and stores what there is to know. Reads of Azure only. */
export async function look(world: World, run: Run): Promise<Looked> {
  const { store } = world
  const operation = await updateOperation(store, run.operation, (row) =>
    row.state === 'queued' ? { ...row, state: 'running', startedMs: Date.now() } : row,
  )
  if (!operation) return { act: [], waitSeconds: 0, end: 'failed' }
  if (isFinalState(operation.state))
    return { act: [], waitSeconds: 0, end: operation.state as End | 'failed' }
  if (!(await holds(store, operation.environment, run))) return await lostLease(world, operation)

  const { inventory, standings, notes, pauses, approved } = await recalled(store, operation)
  const resources = resourcesOf(world, operation, inventory)
  const known = knownIds(inventory)
  const protect = protection(operation.document.protect, inventory)
  const remembered = byResource(standings)
  const nowMs = Date.now()
  const intents = bearing(notes, resources, operation.id, nowMs)

  const live = new Map<string, JsonObject>()
  const first = operation.planHash === undefined
  const destroys = operation.kind === 'destroy'
  const scope = destroys ? toObserveForRemoval : toObserve
  const decided = destroys ? decideRemoval : decide
  const looks = { remembered, lookedMs: operation.lookedMs, nowMs }
  let unread = spared(resources, remembered, looks)
  const due = first ? resources : scope(resources, remembered).filter(({ key }) => !unread.has(key))
  const observed = await observeAll(world.arm, due, live)
  const includeProtected = operation.includeProtected ?? false
  const stays = (resource: Resource) =>
    isForeign(resource, known) || (!includeProtected && isProtected(resource, protect))
  if (first)
    await storePlan(
      world,
      operation,
      destroys ? removalPlan(resources, observed, stays) : plan(resources, observed, known),
    )
  await gatherEvidence(world, operation.environment, resources, observed, intents, nowMs)

  const cancelRequested = operation.cancelRequested ?? false
  const situation = {
    nowMs,
    resources,
    remembered,
    observed,
    spared: unread,
    intents,
    cancelRequested,
    approved,
    known,
    protect,
    includeProtected,
    mode: operation.document.mode,
    automatic: operation.automatic ?? false,
    paused: byResource(pauses),
  }
  let turn = decided(situation)
  // What has just become ready lets others have their turn: they are looked at now and not at the next look.
  for (;;) {
    const now = byResource(turn.standings)
    unread = spared(resources, now, looks)
    const next = turn.end ? [] : unseen(scope(resources, now), observed, unread)
    if (next.length === 0) break
    for (const [key, observation] of await observeAll(world.arm, next, live)) observed.set(key, observation)
    turn = decided({ ...situation, spared: unread })
  }
  await noteAdopted(
    world,
    operation,
    resources.filter(({ key }) => turn.adopt.includes(key)),
  )
  await updateOperation(store, operation.id, (row) => ({ ...row, lookedMs: nowMs }))
  await remember(world, operation.id, turn.standings, remembered, nowMs)
  if (destroys) await forgetGone(world, operation, turn.standings)
  if (turn.end) await finish(world, operation, turn.end)
  else if (turn.awaitsApproval) await awaitApproval(world, operation, plan(resources, observed, known))
  return { act: turn.act, waitSeconds: turn.waitSeconds, ...(turn.end ? { end: turn.end } : {}) }
}

const unseen = (
  resources: Resource[],
  observed: ReadonlyMap<string, Observation>,
  unread: ReadonlyMap<string, unknown>,
): Resource[] => resources.filter(({ key }) => !observed.has(key) && !unread.has(key))

const byResource = <Of extends { resource: string }>(rows: Of[]): Map<string, Of> =>
  new Map(rows.map((row) => [row.resource, row]))

/** What earlier looks and acts, and people, have left for this one. */
async function recalled(store: World['store'], operation: OperationRow) {
  const { id, environment } = operation
  const [inventory, standings, notes, pauses, approved] = await Promise.all([
    store.inventory.list(environment),
    store.standings.list(id),
    store.intents.list(environment),
    store.pauses.list(environment),
    approvedSteps({ store }, operation),
  ])
  return { inventory, standings, notes, pauses, approved }
}

/** The plan is made once, from the first look. Its steps come before its hash: a plan with a hash is whole. */
async function storePlan(
  { store, log }: World,
  operation: OperationRow,
  { steps, hash }: Plan,
): Promise<void> {
  await storeSteps(store, operation.id, steps)
  await updateOperation(store, operation.id, (row) => ({ ...row, planHash: hash }))
  log(`${operation.id}: ${steps.length} steps planned`)
}

async function finish({ store, log }: World, operation: OperationRow, end: End): Promise<void> {
  const { id, environment, kind } = operation
  // What is gone is no environment any more; its operations stay on record.
  if (kind === 'destroy' && end === 'succeeded') await store.environments.remove(allEnvironments, environment)
  await updateOperation(store, id, (row) =>
    isFinalState(row.state) ? row : { ...row, state: end, finishedMs: Date.now() },
  )
  log(`${id}: ${end}`)
}

async function lostLease({ store, log }: World, operation: OperationRow): Promise<Looked> {
  const error = { reason: 'LeaseLost', message: 'another operation has taken over the environment' }
  await updateOperation(store, operation.id, (row) =>
    isFinalState(row.state) ? row : { ...row, state: 'failed', finishedMs: Date.now(), error },
  )
  log(`${operation.id}: ${error.message}`)
  return { act: [], waitSeconds: 0, end: 'failed' }
}

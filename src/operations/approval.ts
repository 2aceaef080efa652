import { isDeepStrictEqual } from 'node:util'
import { hashOf, type Plan, type Step } from '../reconcile/plan.ts'
import { isFinalState, type OperationRow } from '../store/store.ts'
import type { World } from './deeds.ts'
import { updateOperation } from './update.ts'

/** The operation's plan as a person has approved it, by resource; empty while nobody has. */
export async function approvedSteps(
  { store }: Pick<World, 'store'>,
  operation: OperationRow,
): Promise<Map<string, Step>> {
  if (operation.approvedHash === undefined || operation.approvedHash !== operation.planHash) return new Map()
  const steps = await store.steps.list(operation.id)
  return new Map(steps.map((step) => [step.resource, step]))
}

/**
 * Everything that needs no person is done. The steps still to be made are planned `now`, from what was seen just now: if the plan that was shown, or
 * even approved, says otherwise, the world has moved and there is a new plan to approve.
 */
export async function awaitApproval(
  { store, log }: World,
  operation: OperationRow,
  now: Plan,
): Promise<void> {
  const fresh = new Map(now.steps.map((step) => [step.resource, step]))
  const before = await store.steps.list(operation.id)
  const steps = before.map((step) => fresh.get(step.resource) ?? step)
  for (const step of fresh.values())
    if (!before.some(({ resource }) => resource === step.resource)) steps.push(step)
  const planHash = hashOf(steps)
  if (!isDeepStrictEqual(steps, before)) await storeSteps(store, operation.id, steps)
  if (operation.state === 'awaiting-approval' && operation.planHash === planHash) return
  await updateOperation(store, operation.id, (row) => {
    if (isFinalState(row.state)) return row
    const { approvedHash: _approvedHash, approvedBy: _approvedBy, ...rest } = row
    return { ...rest, planHash, state: 'awaiting-approval' }
  })
  log(`${operation.id}: waits for approval of plan ${planHash}`)
}

/** Writes an operation's steps, numbered in order. */
export const storeSteps = (store: World['store'], operation: string, steps: Step[]): Promise<void> =>
  store.steps.putAll(
    operation,
    steps.map((step, index) => [String(index).padStart(5, '0'), step]),
  )

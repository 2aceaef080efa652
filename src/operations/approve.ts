import type { OperationRow, Store } from '../store/store.ts'
import { updateOperation } from './update.ts'

export type Approved =
  | { is: 'approved' }
  | { is: 'unknown' }
  /** It does not wait for approval. */
  | { is: 'not awaiting'; state: OperationRow['state'] }
  /** The plan is another one by now: look at it again. */
  | { is: 'moved'; planHash: string }

/**
 * Approves the plan of an operation that waits for it. What is approved is the plan with this hash and no other: if the world has moved, the
 * operation plans again and waits again.
 * @param by object id of the person, for the record
 */
export async function approve(store: Store, id: string, planHash: string, by: string): Promise<Approved> {
  const row = await updateOperation(store, id, (before) =>
    before.state === 'awaiting-approval' && before.planHash === planHash
      ? { ...before, state: 'running', approvedHash: planHash, approvedBy: by }
      : before,
  )
  if (!row) return { is: 'unknown' }
  if (row.approvedHash === planHash) return { is: 'approved' }
  if (row.state !== 'awaiting-approval') return { is: 'not awaiting', state: row.state }
  return { is: 'moved', planHash: row.planHash ?? '' }
}

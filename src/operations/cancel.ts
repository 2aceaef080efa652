import { isFinalState, type OperationRow, type Store } from '../store/store.ts'
import { updateOperation } from './update.ts'

/**
 * Asks an operation to end. The next look ends it; what Azure has already begun goes on, and the next operation finds it.
 * @returns the operation's row, unchanged when it had ended; undefined when there is none
 */
export const cancel = (store: Store, id: string): Promise<OperationRow | undefined> =>
  updateOperation(store, id, (row) =>
    isFinalState(row.state) || row.cancelRequested ? row : { ...row, cancelRequested: true },
  )

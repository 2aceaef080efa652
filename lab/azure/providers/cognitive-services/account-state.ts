import type { Azure } from '../../arm/azure.ts'
import { conflict } from '../../arm/errors.ts'
import { keyOf, nameOf, parentOf } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'
import { runningOn } from '../../arm/operations.ts'
import { accountIdOf } from './common.ts'

/** An account falls back to Accepted while anything in it is written, and for a while after. */
export function accountState({ id, state, hidden }: Resource, azure: Azure): string {
  if (state !== 'Succeeded') return state
  const isSettling = Number(hidden?.['settlesAt'] ?? 0) > azure.clock.now()
  return isSettling || runningOn(id, azure) ? 'Accepted' : state
}

export const accountUnready = (account: Resource, azure: Azure) => {
  const state = accountState(account, azure)
  return state === 'Succeeded' ? undefined : stateInvalid(account.id, state)
}

const stateInvalid = (id: string, state: string) =>
  conflict('AccountProvisioningStateInvalid', `Account ${id} in state ${state}.`)

/** Children can be written only in an account that is at rest; one of its own operations is told by the lock. */
export function checkAtRest(childId: string, azure: Azure): void {
  const account = azure.find(accountIdOf(childId))
  const refusal = account && accountUnready(account, azure)
  if (refusal) throw refusal
}

/** What stands in a project can be written only when that is done. */
export function checkProjectDone(childId: string, azure: Azure): void {
  const project = azure.find(parentOf(childId))
  if (project && project.state !== 'Succeeded')
    throw conflict('RequestConflict', `The project '${nameOf(project.id)}' is in state ${project.state}.`)
}

/** The end of a child's write: the account needs a moment. */
export function unsettle(childId: string, azure: Azure): void {
  const account = azure.find(accountIdOf(childId))
  if (!account) return
  const settlesAt =
    azure.clock.now() + azure.delayMs('accountSettles', keyOf(childId), azure.attempt(`unsettle ${childId}`))
  azure.keep({ ...account, hidden: { ...account.hidden, settlesAt } })
}

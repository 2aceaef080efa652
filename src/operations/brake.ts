import type { OperationRow } from '../store/store.ts'
import type { World } from './deeds.ts'
import { updateOperation } from './update.ts'

/** A tag on the resource group that stops every write, put there by anybody who may tag it, with or without this app's help. */
const brakeTag = 'ops-pause'

const notice = {
  reason: 'Braked',
  message: `the resource group carries the tag ${brakeTag}=true: nothing is written until it is taken off`,
}

/** Whether writing is stopped from outside; says so on the operation. A group that cannot be read stops it too. */
export async function isBraked(
  { arm, store, surroundings, log }: World,
  operation: OperationRow,
): Promise<boolean> {
  const tags = await arm.groupTags(surroundings.subscriptionId, operation.document.resourceGroup)
  const braked = tags === undefined || tags[brakeTag]?.toLowerCase() === 'true'
  if (braked === (operation.notice !== undefined)) return braked
  if (braked) log(`${operation.id}: ${notice.message}`)
  await updateOperation(store, operation.id, ({ notice: _notice, ...row }) =>
    braked ? { ...row, notice } : row,
  )
  return braked
}

import type { Arm } from '../azure/arm.ts'
import type { OperationRow } from '../store/store.ts'
import type { World } from './deeds.ts'
import { updateOperation } from './update.ts'

/** A tag on the resource group that stops every write, put there by anybody who may tag it, with or without this app's help. */
const brakeTag = 'ops-pause'

export const notice = {
  reason: 'Braked',
  message: `the resource group carries the tag ${brakeTag}=true: nothing is written until it is taken off`,
}

/** Whether writing into a resource group is stopped from outside. One that cannot be read stops it too. */
export async function groupIsBraked(arm: Arm, subscriptionId: string, group: string): Promise<boolean> {
  const tags = await arm.groupTags(subscriptionId, group)
  return tags === undefined || tags[brakeTag]?.toLowerCase() === 'true'
}

/** The same for an operation, and says so on it. */
export async function isBraked(
  { arm, store, surroundings, log }: World,
  operation: OperationRow,
): Promise<boolean> {
  const braked = await groupIsBraked(arm, surroundings.subscriptionId, operation.document.resourceGroup)
  if (braked === (operation.notice !== undefined)) return braked
  if (braked) log(`${operation.id}: ${notice.message}`)
  await updateOperation(store, operation.id, ({ notice: _notice, ...row }) =>
    braked ? { ...row, notice } : row,
  )
  return braked
}

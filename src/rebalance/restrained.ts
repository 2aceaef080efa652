import type { Document } from '../environment/schema.ts'
import { groupIsBraked, notice } from '../operations/brake.ts'
import { isSettled } from '../reconcile/observation.ts'
import { apiManagement } from '../resources/api-management.ts'
import type { BalanceWorld } from './deeds.ts'
import type { Subject } from './subject.ts'
import { modeInForce, type Reason } from './why-not.ts'

/**
 * What keeps a decision from being written, as it stands this moment: asked before it is taken, and once more right before the write.
 * @returns undefined when nothing does
 */
export async function restrained(
  world: Pick<BalanceWorld, 'store' | 'arm' | 'surroundings' | 'autoBalance'>,
  document: Pick<Document, 'name' | 'mode' | 'resourceGroup'>,
  subject: Subject,
  nowMs: number,
): Promise<Reason | undefined> {
  const { mode, because } = modeInForce(subject, document.mode, world.autoBalance)
  if (mode !== 'auto')
    return { reason: 'mode', message: because ?? `the document’s mode for this pool is ${mode}` }
  const pause = await world.store.pauses.get(document.name, subject.key)
  if (pause && pause.value.untilMs > nowMs)
    return { reason: 'paused', message: `it is paused: ${pause.value.reason}; resume it to go on` }
  if (await groupIsBraked(world.arm, world.surroundings.subscriptionId, document.resourceGroup))
    return { reason: 'braked', message: notice.message }
  const service = await world.arm.read(apiManagement, subject.apimId)
  if (service.is !== 'found')
    return {
      reason: 'service unreadable',
      message: `the API Management service is ${service.is === 'missing' ? 'not there' : `unreadable: ${service.failure.message}`}`,
    }
  if (!isSettled(apiManagement, service.body))
    return { reason: 'settling', message: 'Azure is working on the API Management service' }
  return undefined
}

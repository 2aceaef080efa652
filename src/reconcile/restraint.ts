import type { Resource } from '../resources/kind.ts'
import type { Observation } from './observation.ts'
import type { Situation } from './situation.ts'

/** Why something that could be written or removed is left as it is, although nothing is wrong. */
export interface Restraint {
  reason: string
  message: string
}

/** A resource somebody has taken out of the service's hands for a while. */
export interface Pause {
  resource: string
  reason: string
  /** Object id of the person. */
  by: string
  untilMs: number
}

/** What holds the service back from touching a resource now; undefined: nothing does. */
export function restraint(
  resource: Resource,
  observation: Observation | undefined,
  { mode, paused, nowMs }: Pick<Situation, 'mode' | 'paused' | 'nowMs'>,
): Restraint | undefined {
  if (mode === 'observe')
    return { reason: 'ObserveOnly', message: 'the document’s mode is observe: nothing is written' }
  if (mode === 'repair' && observation?.state === 'missing')
    return {
      reason: 'RepairOnly',
      message: 'is missing, and the document’s mode is repair: nothing new is made',
    }
  const pause = paused.get(resource.key)
  if (pause && pause.untilMs > nowMs)
    return { reason: 'Paused', message: `is paused: ${pause.reason}; resume it to go on` }
  return undefined
}

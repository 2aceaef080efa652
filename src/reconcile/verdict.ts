import type { Resource } from '../resources/kind.ts'
import type { Phase, Standing, Truth } from './standing.ts'

/** What one resource needs now, and how it stands. */
export interface Verdict {
  standing: Standing
  /** `act`: write it, or take it away, as soon as its lock domain is free. `adopt`: note that it is ours from now on. */
  wants?: 'act' | 'adopt'
  /** When there is something new to see. */
  lookAgainSeconds?: number
}

export const act = (resource: Resource, reason: string, message: string): Verdict => ({
  ...say(resource, 'pending', 'False', 'False', reason, message),
  wants: 'act',
})

export const fail = (
  resource: Resource,
  reason: string,
  message: string,
  synced: Truth = 'False',
  ready: Truth = 'False',
): Verdict => say(resource, 'failed', synced, ready, reason, message)

export const say = (
  resource: Resource,
  phase: Phase,
  synced: Truth,
  ready: Truth,
  reason: string,
  message: string,
): Verdict => ({
  standing: { resource: resource.key, phase, synced, ready, reason, message },
})

/** Names the resource that failed, not the one between. */
export const blocked = (resource: Resource, by: string): Verdict => {
  const { standing } = say(
    resource,
    'blocked',
    'Unknown',
    'False',
    'Blocked',
    `waits for ${by}, which is not as described`,
  )
  return { standing: { ...standing, blockedBy: by } }
}

export const waiting = (resource: Resource, other: string): Verdict => {
  const { standing } = say(resource, 'pending', 'Unknown', 'False', 'Waiting', `waits for ${other}`)
  return { standing: { ...standing, waitsFor: other } }
}

import type { Resource } from '../resources/kind.ts'
import { kindOf } from '../resources/kinds.ts'
import type { Situation } from './situation.ts'
import { say, type Verdict } from './verdict.ts'

/**
 * Azure turns away what is written into, or leads to, something that is still busy with an earlier write (azure-facts 7.1). It is watched while
 * anything waits for it, although it has long been ready.
 */

/** What must be at rest for a resource to be written: what it is in, else what it leads to. */
export function groundOf(resource: Resource, resources: Resource[]): Resource | undefined {
  const { writtenAtRestOf } = kindOf(resource)
  if (!writtenAtRestOf) return undefined
  const grounds = resources.filter(({ kind }) => kind === writtenAtRestOf)
  return (
    grounds.find(({ id }) => resource.id.startsWith(`${id}/`)) ??
    grounds.find(({ key }) => resource.dependsOn.includes(key))
  )
}

/** Waits while the ground is busy; undefined: nothing keeps it. */
export function untilAtRest(
  resource: Resource,
  { resources, observed }: Pick<Situation, 'resources' | 'observed'>,
): Verdict | undefined {
  const ground = groundOf(resource, resources)
  if (!ground || observed.get(ground.key)?.state !== 'settling') return undefined
  return {
    ...say(resource, 'pending', 'Unknown', 'False', 'Resting', `waits until ${ground.key} is at rest`),
    lookAgainSeconds: kindOf(resource).timing.pollSeconds,
  }
}

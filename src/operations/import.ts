import type { Fault } from '../environment/fault.ts'
import { type Described, describe, type Wishes } from '../import/describe.ts'
import type { World } from './deeds.ts'
import { type Preview, preview } from './preview.ts'
import { readGroup } from './read-group.ts'

export type Imported = Described & {
  /** What applying the document would do now. */
  plan?: Preview
}

/** Writes the document that describes what stands in a resource group. Reads only, and no secrets; nothing is stored. */
export async function importGroup(
  { arm, surroundings, store }: Pick<World, 'arm' | 'surroundings' | 'store'>,
  resourceGroup: string,
  wishes: Wishes,
): Promise<Imported | { faults: Fault[] }> {
  const read = await readGroup(arm, surroundings.subscriptionId, resourceGroup)
  if ('fault' in read) return { faults: [read.fault] }
  const { found, unread } = read
  const described = describe(found, surroundings, wishes)
  if ('faults' in described) {
    const causes = unread.map(({ resource = '', message, remedy = '' }) => ({
      path: '',
      problem: `${resource} cannot be read: ${message}`,
      remedy,
    }))
    return { faults: [...described.faults, ...causes] }
  }
  const { document } = described
  return {
    ...described,
    notes: [...unread, ...described.notes],
    ...(document ? { plan: await preview({ arm, surroundings, store }, document) } : {}),
  }
}

import pLimit from 'p-limit'
import type { Arm, Listed, Read } from '../azure/arm.ts'
import { collectionOf } from '../operations/observe-all.ts'
import type { Resource } from '../resources/kind.ts'

/** Reads under way at one time; Azure counts them per principal (azure-facts 12.1). */
const mostReadsAtOnce = 8

/**
 * Resource Manager as one round sees it: nothing is read twice, and what has siblings among the expected is read with them, by one list call. Whoever
 * asks waits for what was asked for and for nothing else.
 * @param expected what will be asked for, as far as is known
 */
export function openGlance(arm: Arm, expected: Resource[]): Arm {
  const limit = pLimit(mostReadsAtOnce)
  const lists = new Map<string, Promise<Listed>>()
  const reads = new Map<string, Promise<Read>>()
  const collections = Map.groupBy(expected, collectionOf)
  const crowded = new Set([...collections].flatMap(([name, members]) => (members.length > 1 ? name : [])))

  const list: Arm['list'] = (kind, collection) =>
    once(lists, collection, () => limit(() => arm.list(kind, collection)))
  const places = new Map(expected.map((resource) => [resource.id, collectionOf(resource)]))
  return {
    ...arm,
    list,
    async read(kind, id) {
      const collection = places.get(id) ?? ''
      if (!crowded.has(collection)) return once(reads, id, () => limit(() => arm.read(kind, id)))
      const listed = await list(kind, collection)
      if (listed.is === 'unreadable') return listed
      const body = listed.bodies.find((one) => String(one['id']).toLowerCase() === id.toLowerCase())
      return body ? { is: 'found', body } : { is: 'missing' }
    },
  }
}

function once<Value>(known: Map<string, Promise<Value>>, key: string, begin: () => Promise<Value>) {
  const found = known.get(key) ?? begin()
  known.set(key, found)
  return found
}

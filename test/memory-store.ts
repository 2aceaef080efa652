import type { Store } from '../src/store/store.ts'
import type { Table } from '../src/store/table.ts'

/** Tables in memory, held to the same suite as the real ones (test/contract/table.test.ts). */
export function memoryTable<Value>(): Table<Value> {
  const rows = new Map<string, { json: string; etag: string }>()
  let version = 0
  const key = (partition: string, row: string) => `${partition}\n${row.replaceAll('/', ':')}`
  const write = (partition: string, row: string, value: Value) =>
    rows.set(key(partition, row), { json: JSON.stringify(value), etag: String(++version) })
  return {
    async get(partition, row) {
      const found = rows.get(key(partition, row))
      return found && { value: JSON.parse(found.json) as Value, etag: found.etag }
    },
    async list(partition) {
      return [...rows]
        .filter(([name]) => name.startsWith(`${partition}\n`))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { json }]) => JSON.parse(json) as Value)
    },
    async insert(partition, row, value) {
      if (rows.has(key(partition, row))) return false
      write(partition, row, value)
      return true
    },
    async replace(partition, row, value, etag) {
      if (rows.get(key(partition, row))?.etag !== etag) return false
      write(partition, row, value)
      return true
    },
    async put(partition, row, value) {
      write(partition, row, value)
    },
    async remove(partition, row) {
      rows.delete(key(partition, row))
    },
    async putAll(partition, all) {
      for (const [row, value] of all) write(partition, row, value)
    },
  }
}

export const memoryStore = (): Store => ({
  environments: memoryTable(),
  operations: memoryTable(),
  leases: memoryTable(),
  steps: memoryTable(),
  standings: memoryTable(),
  intents: memoryTable(),
  inventory: memoryTable(),
  pauses: memoryTable(),
  drift: memoryTable(),
})

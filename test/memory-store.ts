import type { Store } from '../src/store/store.ts'
import type { Table } from '../src/store/table.ts'

/** By partition and row. */
export type Rows = Map<string, Map<string, { json: string; etag: string }>>

/**
 * Tables in memory, held to the same suite as the real ones (test/contract/table.test.ts).
 * @param rows what is in it; a copy of them is a fork of the table
 */
export function memoryTable<Value>(rows: Rows = new Map()): Table<Value> {
  const name = (row: string) => row.replaceAll('/', ':')
  const found = (partition: string, row: string) => rows.get(partition)?.get(name(row))
  const write = (partition: string, row: string, value: Value) => {
    const among = rows.get(partition) ?? new Map()
    rows.set(partition, among)
    among.set(name(row), { json: JSON.stringify(value), etag: crypto.randomUUID() })
  }
  const listStored: Table<Value>['listStored'] = async (partition, { from = '', before } = {}) => {
    return [...(rows.get(partition) ?? [])]
      .filter(([row]) => row >= name(from) && (before === undefined || row < name(before)))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { json, etag }]) => ({ value: JSON.parse(json) as Value, etag }))
  }
  return {
    async get(partition, row) {
      const it = found(partition, row)
      return it && { value: JSON.parse(it.json) as Value, etag: it.etag }
    },
    list: async (partition, range) => (await listStored(partition, range)).map(({ value }) => value),
    listStored,
    async insert(partition, row, value) {
      if (found(partition, row)) return false
      write(partition, row, value)
      return true
    },
    async replace(partition, row, value, etag) {
      if (found(partition, row)?.etag !== etag) return false
      write(partition, row, value)
      return true
    },
    async put(partition, row, value) {
      write(partition, row, value)
    },
    async remove(partition, row) {
      rows.get(partition)?.delete(name(row))
    },
    async putAll(partition, all) {
      for (const [row, value] of all) write(partition, row, value)
    },
    async replaceAll(partition, all) {
      for (let from = 0; from < all.length; from += 100) {
        const some = all.slice(from, from + 100)
        if (some.some(([row, , etag]) => found(partition, row)?.etag !== etag)) return false
        for (const [row, value] of some) write(partition, row, value)
      }
      return true
    },
  }
}

/** What is in a store, by table: to begin another one with. */
export type Kept = Partial<Record<keyof Store, Rows>>

/** @param kept filled as the store is written to */
export function memoryStore(kept: Kept = {}): Store {
  const table = <Value>(name: keyof Store): Table<Value> => {
    kept[name] ??= new Map()
    return memoryTable<Value>(kept[name])
  }
  return {
    environments: table('environments'),
    operations: table('operations'),
    leases: table('leases'),
    steps: table('steps'),
    standings: table('standings'),
    intents: table('intents'),
    inventory: table('inventory'),
    pauses: table('pauses'),
    drift: table('drift'),
    alerts: table('alerts'),
    deadLetters: table('deadLetters'),
    probing: table('probing'),
    rounds: table('rounds'),
    probeStates: table('probeStates'),
    verdicts: table('verdicts'),
    failures: table('failures'),
    incidents: table('incidents'),
    balance: table('balance'),
    decisions: table('decisions'),
  }
}

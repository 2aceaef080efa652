import { isRestError } from '@azure/core-rest-pipeline'
import type { TableClient } from '@azure/data-tables'

/**
 * Rows of one kind in Azure Table Storage, each a JSON value under a partition and a row key. ETags make "insert if absent" and "replace
 * what I read" safe between processes; that is all the locking there is.
 */
export interface Table<Value> {
  get(partition: string, row: string): Promise<Stored<Value> | undefined>
  /** The rows of a partition, by row key: all of them, or those from a key on and before another. */
  list(partition: string, range?: Range): Promise<Value[]>
  /** False when there is such a row already. */
  insert(partition: string, row: string, value: Value): Promise<boolean>
  /** False when somebody else has written since `etag` was read. */
  replace(partition: string, row: string, value: Value, etag: string): Promise<boolean>
  /** Writes whatever was there before. */
  put(partition: string, row: string, value: Value): Promise<void>
  /** Already gone counts as removed. */
  remove(partition: string, row: string): Promise<void>
  /** Writes many rows of a partition, a hundred at a time, each hundred as one transaction. */
  putAll(partition: string, rows: [row: string, value: Value][]): Promise<void>
}

export interface Range {
  from?: string
  before?: string
}

export interface Stored<Value> {
  value: Value
  etag: string
}

/** Azure allows a hundred actions per transaction. */
const mostPerTransaction = 100

/** @param open the table's client, its table created if need be */
export function openTable<Value>(open: () => Promise<TableClient>): Table<Value> {
  const entity = (partition: string, row: string, value: Value) => ({
    partitionKey: partition,
    rowKey: rowKey(row),
    json: JSON.stringify(value),
  })
  return {
    async get(partition, row) {
      try {
        const found = await (await open()).getEntity<{ json: string }>(partition, rowKey(row))
        return { value: JSON.parse(found.json) as Value, etag: found.etag }
      } catch (error) {
        if (isRestError(error) && error.statusCode === 404) return undefined
        throw error
      }
    },
    async list(partition, { from, before } = {}) {
      const values: Value[] = []
      const filter = [
        `PartitionKey eq ${quoted(partition)}`,
        ...(from === undefined ? [] : [`RowKey ge ${quoted(rowKey(from))}`]),
        ...(before === undefined ? [] : [`RowKey lt ${quoted(rowKey(before))}`]),
      ].join(' and ')
      for await (const found of (await open()).listEntities<{ json: string }>({ queryOptions: { filter } }))
        values.push(JSON.parse(found.json) as Value)
      return values
    },
    async insert(partition, row, value) {
      return unlessStatus(409, async () => {
        await (await open()).createEntity(entity(partition, row, value))
      })
    },
    async replace(partition, row, value, etag) {
      return unlessStatus(412, async () => {
        await (await open()).updateEntity(entity(partition, row, value), 'Replace', { etag })
      })
    },
    async put(partition, row, value) {
      await (await open()).upsertEntity(entity(partition, row, value), 'Replace')
    },
    async remove(partition, row) {
      await (await open()).deleteEntity(partition, rowKey(row)).catch((error: unknown) => {
        if (!isRestError(error) || error.statusCode !== 404) throw error
      })
    },
    async putAll(partition, rows) {
      const client = await open()
      for (let from = 0; from < rows.length; from += mostPerTransaction)
        await client.submitTransaction(
          rows
            .slice(from, from + mostPerTransaction)
            .map(([row, value]) => ['upsert', entity(partition, row, value), 'Replace'] as const)
            .map((action) => [...action] as ['upsert', { partitionKey: string; rowKey: string }, 'Replace']),
        )
    },
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Row keys must not contain a slash. */
const rowKey = (row: string) => row.replaceAll('/', ':')

async function unlessStatus(status: number, work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (isRestError(error) && error.statusCode === status) return false
    throw error
  }
}

/** The store did not answer as a store does: nothing is wrong with the program, and it will pass. */
export const isStoreTrouble = (error: unknown): boolean =>
  isRestError(error) ||
  (error instanceof Error && /Authentication|CredentialUnavailable|AbortError/.test(error.name))

import { isRestError } from '@azure/core-rest-pipeline'
import type { TableClient, TransactionAction } from '@azure/data-tables'

/**
 * Rows of one kind in Azure Table Storage, each a JSON value under a partition and a row key. ETags make "insert if absent" and "replace
 * what I read" safe between processes; that is all the locking there is.
 */
export interface Table<Value> {
  get(partition: string, row: string): Promise<Stored<Value> | undefined>
  /** The rows of a partition, by row key: all of them, or those from a key on and before another. */
  list(partition: string, range?: Range): Promise<Value[]>
  /** The same, each with its version. */
  listStored(partition: string, range?: Range): Promise<Stored<Value>[]>
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
  /**
   * The same, as long as nobody else has written meanwhile: each row replaces the version that was read, or is new where none was.
   * @returns false when a hundred could not be written for that, and neither were those after it
   */
  replaceAll(
    partition: string,
    rows: [row: string, value: Value, etag: string | undefined][],
  ): Promise<boolean>
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
  const listStored: Table<Value>['listStored'] = async (partition, { from, before } = {}) => {
    const found: Stored<Value>[] = []
    const filter = [
      `PartitionKey eq ${quoted(partition)}`,
      ...(from === undefined ? [] : [`RowKey ge ${quoted(rowKey(from))}`]),
      ...(before === undefined ? [] : [`RowKey lt ${quoted(rowKey(before))}`]),
    ].join(' and ')
    for await (const { json, etag } of (await open()).listEntities<{ json: string }>({
      queryOptions: { filter },
    }))
      found.push({ value: JSON.parse(json) as Value, etag })
    return found
  }
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
    list: async (partition, range) => (await listStored(partition, range)).map(({ value }) => value),
    listStored,
    async insert(partition, row, value) {
      return unlessStatus([409], async () => {
        await (await open()).createEntity(entity(partition, row, value))
      })
    },
    async replace(partition, row, value, etag) {
      return unlessStatus([412], async () => {
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
    async replaceAll(partition, rows) {
      const client = await open()
      const actions = rows.map(
        ([row, value, etag]): TransactionAction =>
          etag === undefined
            ? ['create', entity(partition, row, value)]
            : ['update', entity(partition, row, value), 'Replace', { etag }],
      )
      for (let from = 0; from < actions.length; from += mostPerTransaction) {
        const some = actions.slice(from, from + mostPerTransaction)
        const written = () => client.submitTransaction(some).then(() => {})
        // 404: the row that was read has been removed.
        if (!(await unlessStatus([404, 409, 412], written))) return false
      }
      return true
    },
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Row keys must not contain a slash. */
const rowKey = (row: string) => row.replaceAll('/', ':')

async function unlessStatus(statuses: number[], work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (isRestError(error) && statuses.includes(error.statusCode ?? 0)) return false
    throw error
  }
}

/** The store did not answer as a store does: nothing is wrong with the program, and it will pass. */
export const isStoreTrouble = (error: unknown): boolean =>
  isRestError(error) ||
  (error instanceof Error && /Authentication|CredentialUnavailable|AbortError/.test(error.name))

import { DatabaseSync } from 'node:sqlite'

/**
 * A table kept in memory and written through: what a request changed becomes durable in one transaction, before
 * its answer is sent. Values are frozen, so a change is always a `put`.
 */
export type Table<T> = {
  get(id: string): T | undefined
  put(id: string, value: T): void
  delete(id: string): void
  entries(): MapIterator<[string, T]>
  values(): MapIterator<T>
  readonly size: number
  /** Grows with every change: what was computed from the rows holds as long as it stands still. */
  readonly revision: number
}

export type Dump = Record<string, [string, unknown][]>

export type Store = {
  /** `keptOnRefusal`: rows that a refused request changed all the same, such as how often it was tried. */
  table<T>(name: string, options?: { keptOnRefusal?: boolean }): Table<T>
  commit(): void
  /** Undoes what happened to the tables since the last commit, but for those kept on refusal. */
  refuse(): void
  dump(names: string[]): Dump
  load(dump: Dump): void
  close(): void
}

type Change = { table: string; id: string }
type Undo = { table: string; rows: Map<string, unknown>; id: string; before: unknown }

export function openStore(file: string): Store {
  const database = new DatabaseSync(file)
  // WAL with NORMAL survives the death of the process (what the lab promises), not of the machine.
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  } catch (error) {
    throw new Error(`${file} is in use by another process: ${error}`, { cause: error })
  }
  database.exec('CREATE TABLE IF NOT EXISTS rows (tbl TEXT, id TEXT, value TEXT, UNIQUE (tbl, id))')
  const write = database.prepare(
    'INSERT INTO rows (tbl, id, value) VALUES (?, ?, ?) ON CONFLICT (tbl, id) DO UPDATE SET value = excluded.value',
  )
  const erase = database.prepare('DELETE FROM rows WHERE tbl = ? AND id = ?')
  const read = database.prepare('SELECT id, value FROM rows WHERE tbl = ? ORDER BY rowid')

  const tables = new Map<string, Map<string, unknown>>()
  const changed = new Map<string, Change>()
  const revisions = new Map<string, number>()
  const grow = (table: string) => revisions.set(table, (revisions.get(table) ?? 0) + 1)
  let undo: Undo[] = []

  const rowsOf = (name: string) => {
    const known = tables.get(name)
    if (known) return known
    const rows = new Map<string, unknown>()
    for (const row of read.all(name)) rows.set(String(row['id']), frozen(JSON.parse(String(row['value']))))
    tables.set(name, rows)
    return rows
  }

  const commit = () => {
    if (changed.size > 0) {
      database.exec('BEGIN')
      for (const { table, id } of changed.values()) {
        const value = tables.get(table)?.get(id)
        if (value === undefined) erase.run(table, id)
        else write.run(table, id, JSON.stringify(value))
      }
      database.exec('COMMIT')
    }
    changed.clear()
    undo = []
  }

  return {
    table<T>(name: string, { keptOnRefusal = false } = {}): Table<T> {
      const rows = rowsOf(name) as Map<string, T>
      const changing = (id: string) => {
        if (!keptOnRefusal) undo.push({ table: name, rows, id, before: rows.get(id) })
        grow(name)
        changed.set(`${name}\n${id}`, { table: name, id })
      }
      return {
        get: (id) => rows.get(id),
        put: (id, value) => {
          changing(id)
          rows.set(id, frozen(value))
        },
        delete: (id) => {
          changing(id)
          rows.delete(id)
        },
        entries: () => rows.entries(),
        values: () => rows.values(),
        get size() {
          return rows.size
        },
        get revision() {
          return revisions.get(name) ?? 0
        },
      }
    },
    commit,
    refuse: () => {
      for (const { table, rows, id, before } of undo.reverse()) {
        grow(table)
        if (before === undefined) rows.delete(id)
        else rows.set(id, before)
      }
      undo = []
    },
    dump: (names) => Object.fromEntries(names.map((name) => [name, [...rowsOf(name)]])),
    load: (dump) => {
      for (const [name, entries] of Object.entries(dump)) {
        const rows = rowsOf(name)
        for (const id of rows.keys()) changed.set(`${name}\n${id}`, { table: name, id })
        rows.clear()
        grow(name)
        for (const [id, value] of entries) {
          rows.set(id, frozen(value))
          changed.set(`${name}\n${id}`, { table: name, id })
        }
      }
      commit()
    },
    close: () => database.close(),
  }
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) frozen(inner)
  return Object.freeze(value)
}

import type { Table } from './store.ts'

/** What the simulated Azure was asked, and what it answered. Times are virtual. */
export type Row = {
  seq: number
  at: string
  ms: number
  plane: string
  method: string
  /** Path and query. */
  url: string
  apiVersion: string | null
  /** null: the connection died instead. */
  status: number | null
  /** Object id of the token's principal. */
  caller: string | null
  requestBody: unknown
  fault?: string
}

export type Journal = { append(row: Omit<Row, 'seq'>): void; since(seq: number): Row[] }

export function createJournal(rows: Table<Row>): Journal {
  let last = rows.size
  return {
    append: (row) => {
      last += 1
      rows.put(String(last), { seq: last, ...row })
    },
    since: (seq) => [...rows.values()].filter((row) => row.seq > seq),
  }
}

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

export const createJournal = (rows: Table<Row>): Journal => ({
  append: (row) => {
    const seq = rows.size + 1
    rows.put(String(seq), { seq, ...row })
  },
  since: (seq) => [...rows.values()].filter((row) => row.seq > seq),
})

import type { SQLInputValue } from 'node:sqlite'
import type { HistoryEvent } from './events.ts'
import type { Sql } from './sql.ts'

type RuntimeStatus = 'Pending' | 'Running' | 'ContinuedAsNew' | 'Completed' | 'Failed' | 'Terminated'

/** `input` and `customStatus` are JSON texts; `output` is one when Completed, else plain text. */
export interface Instance {
  id: string
  /** A new one with every start and every continue-as-new. */
  execution: string
  name: string
  version: string
  status: RuntimeStatus
  input: string | null
  output: string | null
  customStatus: string | null
  createdMs: number
  updatedMs: number
}

export const isFinal = ({ status }: Instance) =>
  status === 'Completed' || status === 'Failed' || status === 'Terminated'

export interface InstanceFilter {
  createdFromMs?: number | undefined
  createdToMs?: number | undefined
  /** Empty: any. */
  statuses: string[]
  idPrefix?: string | undefined
}

export interface Instances {
  get(id: string): Instance | undefined
  save(instance: Instance): void
  delete(id: string): void
  /** In order of id, from behind `afterId`. */
  list(filter: InstanceFilter, page: { afterId: string; count: number }): Instance[]
  history(id: string): HistoryEvent[]
  appendHistory(id: string, events: HistoryEvent[]): void
  clearHistory(id: string): void
}

export function instances(sql: Sql): Instances {
  const clearHistory = (id: string) => void sql.run('DELETE FROM history WHERE instance = ?', id)
  return {
    get: (id) => sql.get<Instance>('SELECT * FROM instances WHERE id = ?', id),
    save: (i) =>
      void sql.run(
        'INSERT OR REPLACE INTO instances VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ...[
          i.id,
          i.execution,
          i.name,
          i.version,
          i.status,
          i.input,
          i.output,
          i.customStatus,
          i.createdMs,
          i.updatedMs,
        ],
      ),
    delete(id) {
      clearHistory(id)
      sql.run('DELETE FROM instances WHERE id = ?', id)
    },
    list(filter, { afterId, count }) {
      const { where, values } = conditions(filter)
      return sql.all<Instance>(
        `SELECT * FROM instances WHERE id > ? ${where} ORDER BY id LIMIT ?`,
        afterId,
        ...values,
        count,
      )
    },
    history: (id) =>
      sql
        .all<{ event: string }>('SELECT event FROM history WHERE instance = ? ORDER BY position', id)
        .map((row) => JSON.parse(row.event) as HistoryEvent),
    appendHistory(id, events) {
      const last = sql.get<{ position: number | null }>(
        'SELECT MAX(position) position FROM history WHERE instance = ?',
        id,
      )
      let position = last?.position ?? -1
      for (const event of events) {
        position += 1
        sql.run('INSERT INTO history VALUES(?, ?, ?)', id, position, JSON.stringify(event))
      }
    },
    clearHistory,
  }
}

function conditions({ createdFromMs, createdToMs, statuses, idPrefix }: InstanceFilter) {
  let where = ''
  const values: SQLInputValue[] = []
  const and = (condition: string, ...more: SQLInputValue[]) => {
    where += ` AND ${condition}`
    values.push(...more)
  }
  if (createdFromMs !== undefined) and('createdMs >= ?', createdFromMs)
  if (createdToMs !== undefined) and('createdMs <= ?', createdToMs)
  if (statuses.length > 0) and(`status IN (${statuses.map(() => '?').join(', ')})`, ...statuses)
  if (idPrefix) and('substr(id, 1, ?) = ?', idPrefix.length, idPrefix)
  return { where, values }
}

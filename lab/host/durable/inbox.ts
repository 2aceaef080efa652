import type { HistoryEvent } from './events.ts'
import type { Sql } from './sql.ts'

/** An event on its way to an instance. */
export interface Message {
  seq: number
  event: HistoryEvent
}

export interface Inbox {
  /** `execution` null: for whichever execution the instance is at; else only for that one. */
  send(instance: string, event: HistoryEvent, options: { dueMs: number; execution: string | null }): void
  /** What is due for an instance, oldest first. `forExecution` tells those that still concern it. */
  due(instance: string, nowMs: number): (Message & { execution: string | null })[]
  delete(messages: { seq: number }[]): void
  deleteAll(instance: string): void
  deleteOfExecution(instance: string, execution: string): void
  /** Instances that something is due for, longest overdue first. */
  instancesDue(nowMs: number): string[]
  nextDueMs(): number | null
  nextDueAfterMs(nowMs: number): number | null
}

export function inbox(sql: Sql): Inbox {
  return {
    send: (instance, event, { dueMs, execution }) =>
      void sql.run(
        'INSERT INTO messages(instance, execution, dueMs, event) VALUES(?, ?, ?, ?)',
        instance,
        execution,
        dueMs,
        JSON.stringify(event),
      ),
    due: (instance, nowMs) =>
      sql
        .all<{ seq: number; execution: string | null; event: string }>(
          'SELECT seq, execution, event FROM messages WHERE instance = ? AND dueMs <= ? ORDER BY dueMs, seq',
          instance,
          nowMs,
        )
        .map((row) => ({ ...row, event: JSON.parse(row.event) as HistoryEvent })),
    delete(messages) {
      for (const { seq } of messages) sql.run('DELETE FROM messages WHERE seq = ?', seq)
    },
    deleteAll: (instance) => void sql.run('DELETE FROM messages WHERE instance = ?', instance),
    deleteOfExecution: (instance, execution) =>
      void sql.run('DELETE FROM messages WHERE instance = ? AND execution = ?', instance, execution),
    instancesDue: (nowMs) =>
      sql
        .all<{ instance: string }>(
          'SELECT instance FROM messages WHERE dueMs <= ? GROUP BY instance ORDER BY MIN(dueMs), MIN(seq)',
          nowMs,
        )
        .map((row) => row.instance),
    nextDueMs: () => sql.get<{ ms: number | null }>('SELECT MIN(dueMs) ms FROM messages')?.ms ?? null,
    nextDueAfterMs: (nowMs) =>
      sql.get<{ ms: number | null }>('SELECT MIN(dueMs) ms FROM messages WHERE dueMs > ?', nowMs)?.ms ?? null,
  }
}

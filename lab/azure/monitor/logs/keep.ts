import type { Azure } from '../../arm/azure.ts'
import { keyOf } from '../../arm/ids.ts'
import { MINUTE_MS } from '../minutes.ts'
import type { LogRow, TableName } from './tables.ts'

/** The rows of one minute of one service, as one workspace has them. */
export type LogMinute = {
  table: TableName
  workspaceId: string
  resourceId: string
  minute: number
  rows: LogRow[]
}

const KEPT_MS = 24 * 60 * MINUTE_MS
const MOST_ROWS = 100_000

export function keepLogMinute(log: LogMinute, azure: Azure): void {
  const { table, workspaceId, resourceId, minute } = log
  const key = `${minute} ${table} ${keyOf(workspaceId)} ${keyOf(resourceId)}`
  const { logs } = azure.world
  logs.put(key, { ...log, rows: [...(logs.get(key)?.rows ?? []), ...log.rows] })
}

/** A day, and not more rows than memory likes: the oldest minutes go first. */
export function forgetLogs(azure: Azure): void {
  const { logs } = azure.world
  let left = 0
  for (const { rows } of logs.values()) left += rows.length
  for (const [key, { minute, rows }] of logs.entries()) {
    if (left <= MOST_ROWS && minute >= azure.clock.now() - KEPT_MS) return
    logs.delete(key)
    left -= rows.length
  }
}

/** Which minutes of a table can be read now: each comes as a whole, 3 to 10 minutes late (azure-facts 9.4). */
export function* visibleLogs(
  table: TableName,
  where: { workspaceId?: string; resourceId?: string },
  azure: Azure,
): Iterable<LogMinute> {
  const now = azure.clock.now()
  for (const log of azure.world.logs.values()) {
    if (log.table !== table) continue
    if (where.workspaceId && keyOf(where.workspaceId) !== keyOf(log.workspaceId)) continue
    if (where.resourceId && keyOf(where.resourceId) !== keyOf(log.resourceId)) continue
    const lateMs = azure.delayMs('logVisible', keyOf(log.resourceId), table, log.minute)
    if (log.minute + MINUTE_MS + lateMs <= now) yield log
  }
}

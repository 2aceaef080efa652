import type { Azure } from '../../arm/azure.ts'
import { errorBody } from '../../arm/errors.ts'
import { keyOf } from '../../arm/ids.ts'
import { iso } from '../../clock.ts'
import { REGIONS, regionCode } from '../../regions.ts'
import { runQuery, type Table } from '../kusto/query.ts'
import type { Row, Value } from '../kusto/values.ts'
import { QueryError } from '../kusto/words.ts'
import { type Timespan, timespanOf } from '../timespan.ts'
import { type LogMinute, visibleLogs } from './keep.ts'
import { TABLES, type TableName } from './tables.ts'

export type LogsQuery = { query: string; timespan?: string | null | undefined }
/** A workspace with everything in it, or one resource wherever its log went. */
export type LogsScope = { workspaceId: string } | { resourceId: string }
type Told = { status: number; body: object }

const MOST_ROWS = 500_000

export function queryLogs({ query, timespan }: LogsQuery, scope: LogsScope, azure: Azure): Told {
  const now = azure.clock.now()
  try {
    const span = timespan ? timespanOf(timespan, now) : undefined
    const { schema, rows } = runQuery(query, (name) => tableNamed(name, scope, span, azure), now)
    const columns = [...schema].map(([name, type]) => ({ name, type }))
    const shown = rows
      .slice(0, MOST_ROWS)
      .map((row) => columns.map(({ name, type }) => shownAs(type, row[name] ?? null)))
    return { status: 200, body: { tables: [{ name: 'PrimaryResult', columns, rows: shown }] } }
  } catch (error) {
    if (error instanceof QueryError) return refusedQuery(error)
    throw error
  }
}

const refusedQuery = ({ code, message }: QueryError): Told => ({
  status: 400,
  body: {
    error: {
      ...errorBody({ code: 'BadArgumentError', message: 'The request had some invalid properties' }).error,
      innererror: { code, message },
    },
  },
})

function tableNamed(
  name: string,
  scope: LogsScope,
  span: Timespan | undefined,
  azure: Azure,
): Table | undefined {
  const found = (Object.keys(TABLES) as TableName[]).find((one) => one === name)
  if (!found) return undefined
  const { columns } = TABLES[found]
  const rows: Row[] = []
  for (const log of visibleLogs(found, scope, azure))
    for (const row of log.rows) {
      const at = Date.parse(String(row['TimeGenerated']))
      if (span && (at < span.from || at >= span.until)) continue
      rows.push({ ...row, ...sharedBy(log, azure), TimeGenerated: at })
    }
  return { schema: new Map(columns.map((column) => [column.name, column.type])), rows }
}

function sharedBy({ resourceId, workspaceId }: LogMinute, azure: Azure): Row {
  const location = azure.find(resourceId)?.location ?? ''
  return {
    Region: REGIONS[regionCode(location)] ?? location,
    TenantId: String(azure.find(workspaceId)?.assigned['customerId'] ?? ''),
    _ResourceId: keyOf(resourceId),
  }
}

function shownAs(type: string, value: Value): Value {
  if (type === 'datetime' && typeof value === 'number') return iso(value)
  return value === null && type === 'string' ? '' : value
}

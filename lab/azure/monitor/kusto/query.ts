import { type Aggregate, aggregate } from './aggregates.ts'
import { column, expression } from './expressions.ts'
import type { Expression, Reading, Row, Schema, Value } from './values.ts'
import { notPlayed, QueryError, Reader } from './words.ts'

/** Rows with the types of their columns, in order. */
export type Table = { schema: Schema; rows: Row[] }

/**
 * The part of Kusto that is played: `table | where | summarize … by … | project | extend | order by | top | take`. Everything else is refused by its
 * name. `read` gives a table's rows, or undefined for a table that is not there.
 */
export function runQuery(query: string, read: (table: string) => Table | undefined, now: number): Table {
  const reader = new Reader(query)
  const name = reader.name()
  const source = read(name)
  if (!source)
    throw new QueryError(
      'SemanticError',
      `'${name}' operator: Failed to resolve table or column expression named '${name}'`,
    )
  let table = source
  while (reader.takes('|')) {
    const operator = reader.name()
    const step = OPERATORS[operator]
    if (!step) throw notPlayed(`the operator '${operator}'`)
    table = step(table, { reader, schema: table.schema, now })
  }
  if (reader.next) throw notPlayed(`'${reader.next.text}' in this place`)
  return table
}

type Step = (table: Table, reading: Reading) => Table
type Column = Expression & { name: string }

/** `name = expression`, or an expression that has a name of its own. */
function named(reading: Reading, unnamed: string): Column {
  const { reader } = reading
  if (reader.isAssignment()) {
    const name = reader.name()
    reader.must('=')
    return { ...expression(reading), name }
  }
  const found = expression(reading)
  return { ...found, name: found.name ?? unnamed }
}

const columnsOf = (reading: Reading): Column[] => {
  let unnamed = 0
  return reading.reader.list(() => {
    unnamed += 1
    return named(reading, `Column${unnamed}`)
  })
}

const rowOf = (columns: Column[], row: Row): Row =>
  Object.fromEntries(columns.map(({ name, of }) => [name, of(row)]))
const schemaOf = (columns: { name: string; type: Expression['type'] }[]): Schema =>
  new Map(columns.map(({ name, type }) => [name, type]))

const where: Step = ({ schema, rows }, reading) => {
  const condition = expression(reading)
  if (condition.type !== 'bool')
    throw new QueryError('SemanticError', "'where' operator: expected a boolean expression")
  return { schema, rows: rows.filter((row) => condition.of(row) === true) }
}

const summarize: Step = ({ rows }, reading) => {
  const { reader } = reading
  const aggregates: Aggregate[] = reader.next?.text === 'by' ? [] : reader.list(() => aggregate(reading))
  const by = reader.takes('by') ? columnsOf(reading) : []
  const groups = Map.groupBy(rows, (row) => JSON.stringify(by.map(({ of }) => of(row))))
  // Without `by` there is one row, also of nothing.
  const all = by.length === 0 ? [rows] : [...groups.values()]
  return {
    schema: schemaOf([...by, ...aggregates]),
    rows: all.map((group) => ({
      ...rowOf(by, group[0] ?? {}),
      ...Object.fromEntries(aggregates.map(({ name, over }) => [name, over(group)])),
    })),
  }
}

const project: Step = ({ rows }, reading) => {
  const columns = columnsOf(reading)
  return { schema: schemaOf(columns), rows: rows.map((row) => rowOf(columns, row)) }
}

const extend: Step = ({ schema, rows }, reading) => {
  const columns = columnsOf(reading)
  return {
    schema: new Map([...schema, ...schemaOf(columns)]),
    rows: rows.map((row) => ({ ...row, ...rowOf(columns, row) })),
  }
}

type Order = { of: Expression; sign: number }

/** Descending unless it says otherwise, as in Kusto. */
function orders(reading: Reading): Order[] {
  const { reader, schema } = reading
  reader.must('by')
  return reader.list(() => {
    const of = column(reader.name(), schema)
    const sign = reader.takes('asc') ? 1 : -1
    if (sign < 0) reader.takes('desc')
    return { of, sign }
  })
}

function sorted(rows: Row[], by: Order[]): Row[] {
  return rows.toSorted((one, other) => {
    for (const { of, sign } of by) {
      const difference = compared(of.of(one), of.of(other))
      if (difference !== 0) return sign * difference
    }
    return 0
  })
}

/** Nothing comes before everything. */
function compared(one: Value, other: Value): number {
  if (one === other) return 0
  if (one === null || other === null) return one === null ? -1 : 1
  return one < other ? -1 : 1
}

function countIn({ reader }: Reading): number {
  const word = reader.take()
  if (word.kind !== 'number')
    throw new QueryError('SyntaxError', `A number of rows is expected, not '${word.text}'.`)
  return Number(word.text)
}

const order: Step = ({ schema, rows }, reading) => ({ schema, rows: sorted(rows, orders(reading)) })
const take: Step = ({ schema, rows }, reading) => ({ schema, rows: rows.slice(0, countIn(reading)) })
const top: Step = ({ schema, rows }, reading) => {
  const most = countIn(reading)
  return { schema, rows: sorted(rows, orders(reading)).slice(0, most) }
}

const OPERATORS: Record<string, Step> = {
  where,
  filter: where,
  summarize,
  project,
  extend,
  order,
  sort: order,
  take,
  limit: take,
  top,
}

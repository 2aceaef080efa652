import { expression } from './expressions.ts'
import type { Expression, Reading, Row, Type, Value } from './values.ts'
import { notPlayed, QueryError } from './words.ts'

/** One column of a summarize: over the rows of a group. */
export type Aggregate = { name: string; type: Type; over: (rows: Row[]) => Value }

type Made = { type: (of: Expression) => Type; over: (values: Exclude<Value, null>[]) => Value }

const numbers = (values: Exclude<Value, null>[]) => values.map(Number)
const sum = (values: Exclude<Value, null>[]) => numbers(values).reduce((total, value) => total + value, 0)
const own = ({ type }: Expression) => type
/** Not Math.min: there may be more rows than a call takes arguments. */
const best = (better: (one: number, other: number) => boolean) => (values: Exclude<Value, null>[]) =>
  numbers(values).reduce<number | null>(
    (best, value) => (best === null || better(value, best) ? value : best),
    null,
  )

const AGGREGATES: Record<string, Made> = {
  sum: { type: own, over: sum },
  avg: { type: () => 'real', over: (values) => (values.length > 0 ? sum(values) / values.length : null) },
  min: { type: own, over: best((one, other) => one < other) },
  max: { type: own, over: best((one, other) => one > other) },
  dcount: { type: () => 'long', over: (values) => new Set(values).size },
}

const COUNTS = ['count', 'countif']

/** `name = count()`, or without a name the one that Kusto gives. */
export function aggregate(reading: Reading): Aggregate {
  const { reader } = reading
  const first = reader.name()
  const named = reader.takes('=')
  const of = named ? reader.name() : first
  const made = AGGREGATES[of]
  if (!made && !COUNTS.includes(of)) throw notPlayed(`the aggregation '${of}'`)
  reader.must('(')
  const given = reader.takes(')') ? undefined : expression(reading)
  if (given) reader.must(')')
  const nameOf = (plain: string) => (named ? first : plain)
  if (of === 'count' && !given) return { name: nameOf('count_'), type: 'long', over: (rows) => rows.length }
  if (of === 'countif' && given)
    return {
      name: nameOf('countif_'),
      type: 'long',
      over: (rows) => rows.filter((row) => given.of(row) === true).length,
    }
  if (!made || !given)
    throw new QueryError('SemanticError', `Function '${of}' expects ${of === 'count' ? 0 : 1} argument(s).`)
  return {
    name: nameOf(`${of}_${given.name ?? ''}`),
    type: made.type(given),
    over: (rows) => made.over(rows.map(given.of).filter((value) => value !== null)),
  }
}

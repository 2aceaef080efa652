import { call, checkPlayed } from './functions.ts'
import { constant, durationOf, momentOf } from './literals.ts'
import type { Expression, Reading, Row, Schema, Type } from './values.ts'
import { notPlayed, QueryError } from './words.ts'

/** `or`, `and`, comparisons and calls; no arithmetic. */
export function expression(reading: Reading): Expression {
  return joined(reading, 'or', () => joined(reading, 'and', () => comparison(reading)))
}

function joined({ reader }: Reading, word: 'and' | 'or', read: () => Expression): Expression {
  const parts = [read()]
  while (reader.takes(word)) parts.push(read())
  const [only] = parts
  if (only && parts.length === 1) return only
  const holds = (row: Row) => (part: Expression) => part.of(row) === true
  return {
    type: 'bool',
    of: (row) => (word === 'and' ? parts.every(holds(row)) : parts.some(holds(row))),
  }
}

type Compare = (one: string | number | boolean, other: string | number | boolean) => boolean

const lower = (value: unknown) => String(value).toLowerCase()

const COMPARE: Record<string, Compare> = {
  '==': (one, other) => one === other,
  '!=': (one, other) => one !== other,
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
  '=~': (one, other) => lower(one) === lower(other),
  '!~': (one, other) => lower(one) !== lower(other),
  contains: (one, other) => lower(one).includes(lower(other)),
  startswith: (one, other) => lower(one).startsWith(lower(other)),
  endswith: (one, other) => lower(one).endsWith(lower(other)),
  has: (one, other) =>
    lower(one)
      .split(/[^\p{L}\p{N}]+/u)
      .includes(lower(other)),
}

function comparison(reading: Reading): Expression {
  const { reader } = reading
  const left = operand(reading)
  if (reader.takes('in')) return membership(reading, left)
  const { next } = reader
  const compare = next && next.kind !== 'text' ? COMPARE[next.text] : undefined
  if (!compare) {
    if (next?.kind === 'name' && !['by', 'and', 'or', 'asc', 'desc'].includes(next.text))
      throw notPlayed(`the operator '${next.text}'`)
    return left
  }
  reader.take()
  const right = operand(reading)
  checkComparable(left, right)
  return {
    type: 'bool',
    of: (row) => {
      const [one, other] = [left.of(row), right.of(row)]
      return one !== null && other !== null && compare(one, other)
    },
  }
}

function membership(reading: Reading, left: Expression): Expression {
  const { reader } = reading
  reader.must('(')
  const among = reader.list(() => operand(reading))
  reader.must(')')
  for (const one of among) checkComparable(left, one)
  return { type: 'bool', of: (row) => among.some((one) => one.of(row) === left.of(row)) }
}

const NUMBERS: Type[] = ['int', 'long', 'real']

function checkComparable(one: Expression, other: Expression): void {
  const kindOf = ({ type }: Expression) => (NUMBERS.includes(type) ? 'number' : type)
  if (kindOf(one) !== kindOf(other))
    throw new QueryError(
      'SemanticError',
      `Cannot compare values of types ${one.type} and ${other.type}. Try adding explicit casts.`,
    )
}

function operand(reading: Reading): Expression {
  const { reader, schema } = reading
  if (reader.takes('(')) {
    const inner = expression(reading)
    reader.must(')')
    return inner
  }
  const { kind, text } = reader.take()
  switch (kind) {
    case 'text':
      return constant('string', text.replace(/^@?['"]|['"]$/g, '').replace(/\\(.)/g, '$1'))
    case 'number':
      return constant(text.includes('.') ? 'real' : 'long', Number(text))
    case 'timespan':
      return constant('timespan', durationOf(text))
    case 'datetime':
      return constant('datetime', momentOf(text))
    case 'name':
      if (text === 'true' || text === 'false') return constant('bool', text === 'true')
      return reader.takes('(') ? called(text, reading) : column(text, schema)
    case 'sign':
      throw new QueryError('SyntaxError', `Query could not be parsed at '${text}'.`)
  }
}

export function column(name: string, schema: Schema): Expression {
  const type = schema.get(name)
  if (!type)
    throw new QueryError(
      'SemanticError',
      `'where' operator: Failed to resolve column or scalar expression named '${name}'`,
    )
  return { type, name, of: (row) => row[name] ?? (type === 'string' ? '' : null) }
}

/** What stands before the parenthesis has been read, and the parenthesis. */
function called(name: string, reading: Reading): Expression {
  const { reader, now } = reading
  const given: Expression[] = []
  checkPlayed(name)
  if (!reader.takes(')')) {
    given.push(...reader.list(() => expression(reading)))
    reader.must(')')
  }
  return call(name, given, now)
}

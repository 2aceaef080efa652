import { constant } from './literals.ts'
import type { Expression, Row, Value } from './values.ts'
import { notPlayed, QueryError } from './words.ts'

const NOTHING = constant('bool', null)
const isEmpty = (value: Value) => value === null || value === ''
const yes = (of: (row: Row) => boolean): Expression => ({ type: 'bool', of })

type Function = { takes: number; make: (first: Expression, second: Expression, now: number) => Expression }

const FUNCTIONS: Record<string, Function> = {
  now: { takes: 0, make: (_, __, now) => constant('datetime', now) },
  ago: {
    takes: 1,
    make: (length, _, now) => ({ type: 'datetime', of: (row) => now - Number(length.of(row)) }),
  },
  not: { takes: 1, make: (one) => yes((row) => one.of(row) === false) },
  isnull: { takes: 1, make: (one) => yes((row) => one.of(row) === null) },
  isnotnull: { takes: 1, make: (one) => yes((row) => one.of(row) !== null) },
  isempty: { takes: 1, make: (one) => yes((row) => isEmpty(one.of(row))) },
  isnotempty: { takes: 1, make: (one) => yes((row) => !isEmpty(one.of(row))) },
  tostring: { takes: 1, make: (one) => ({ type: 'string', of: (row) => String(one.of(row) ?? '') }) },
  bin: {
    takes: 2,
    make: (value, step) => ({
      ...value,
      of: (row) => {
        const [amount, size] = [value.of(row), Number(step.of(row))]
        return amount === null ? null : Math.floor(Number(amount) / size) * size
      },
    }),
  },
}

export function checkPlayed(name: string): void {
  if (!FUNCTIONS[name]) throw notPlayed(`the function '${name}'`)
}

export function call(name: string, given: Expression[], now: number): Expression {
  const [first = NOTHING, second = NOTHING] = given
  const wanted = FUNCTIONS[name]
  if (wanted?.takes === given.length) return wanted.make(first, second, now)
  throw new QueryError('SemanticError', `Function '${name}' expects ${wanted?.takes} argument(s).`)
}

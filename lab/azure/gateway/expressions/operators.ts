import { NotSimulated } from '../problems.ts'
import { int, json, own, plain, real, Thrown, text, typeOf, type Value } from './values.ts'

type Operator = (left: Value, right: Value) => Value

/** An operator of two values; `&&`, `||` and `??` do not always take their second and are elsewhere. */
export function binary(operator: string): Operator {
  const found = own(OPERATORS, operator)
  if (!found) throw new NotSimulated(`the operator ${operator}`)
  return found
}

export const negative = (value: Value): Value => OPERATORS['-']?.(0, value) ?? null

/** Two ints give an int, and division drops the rest; a double makes both doubles. */
const arithmetic =
  (
    name: string,
    onInts: (a: number, b: number) => number,
    onReals: (a: number, b: number) => number,
  ): Operator =>
  (left, right) => {
    const [a, b] = [plain(left), plain(right)]
    if (typeof a === 'number' && typeof b === 'number') return int(onInts(a, b))
    return real(onReals(numeric(a, name), numeric(b, name)))
  }

const comparison =
  (name: string, holds: (a: number, b: number) => boolean): Operator =>
  (left, right) =>
    holds(numeric(plain(left), name), numeric(plain(right), name))

function numeric(value: Value, operator: string): number {
  if (typeof value === 'number') return value
  if (value !== null && typeof value === 'object' && value.is === 'double') return value.value
  if (value !== null && typeof value === 'object' && value.is === 'TimeSpan') return value.ms
  throw new Thrown(`Operator '${operator}' cannot be applied to operands of type '${typeOf(value)}'.`)
}

function divided(a: number, b: number): number {
  if (b === 0) throw new Thrown('Attempted to divide by zero.')
  return Math.trunc(a / b)
}

function remainder(a: number, b: number): number {
  if (b === 0) throw new Thrown('Attempted to divide by zero.')
  return a % b
}

const plus = arithmetic(
  '+',
  (a, b) => a + b,
  (a, b) => a + b,
)

function equal(left: Value, right: Value): boolean {
  const [a, b] = [plain(left), plain(right)]
  if (a === b) return true
  if (a === null || b === null) return false
  if (typeof a !== 'object' && typeof b !== 'object') {
    if (typeof a === typeof b) return false
    throw new Thrown(`Operator '==' cannot be applied to operands of type '${typeOf(a)}' and '${typeOf(b)}'.`)
  }
  const [one, other] = [typeOf(a), typeOf(b)]
  if ((one === 'double' || one === 'int') && (other === 'double' || other === 'int'))
    return numeric(a, '==') === numeric(b, '==')
  if (one === 'Guid' && other === 'Guid') return text(a) === text(b)
  if (one === 'JToken' && other === 'JToken') return JSON.stringify(json(a)) === JSON.stringify(json(b))
  throw new NotSimulated(`${one} == ${other}`)
}

const OPERATORS: Record<string, Operator> = {
  '+': (left, right) =>
    typeof plain(left) === 'string' || typeof plain(right) === 'string'
      ? text(left) + text(right)
      : plus(left, right),
  '-': arithmetic(
    '-',
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  '*': arithmetic('*', Math.imul, (a, b) => a * b),
  '/': arithmetic('/', divided, (a, b) => a / b),
  '%': arithmetic('%', remainder, (a, b) => a % b),
  '<': comparison('<', (a, b) => a < b),
  '>': comparison('>', (a, b) => a > b),
  '<=': comparison('<=', (a, b) => a <= b),
  '>=': comparison('>=', (a, b) => a >= b),
  '==': equal,
  '!=': (left, right) => !equal(left, right),
}

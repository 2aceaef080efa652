import type { Expression, Type, Value } from './values.ts'
import { QueryError } from './words.ts'

export const constant = (type: Type, value: Value): Expression => ({ type, of: () => value })

export function momentOf(text: string): number {
  const at = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) || !text.includes('T') ? text : `${text}Z`)
  if (Number.isNaN(at)) throw new QueryError('SyntaxError', `Not a datetime: '${text}'.`)
  return at
}

const UNITS_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `5m`, `1.5h` in milliseconds. */
export function durationOf(text: string): number {
  const [, amount = '', unit = ''] = /^([\d.]+)(ms|s|m|h|d)$/.exec(text) ?? []
  return Number(amount) * (UNITS_MS[unit] ?? Number.NaN)
}

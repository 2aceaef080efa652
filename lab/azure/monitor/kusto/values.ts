import type { Reader } from './words.ts'

/** Moments are milliseconds since 1970; null: no value. */
export type Value = string | number | boolean | null
export type Row = Record<string, Value>
export type Type = 'string' | 'int' | 'long' | 'real' | 'bool' | 'datetime' | 'timespan' | 'dynamic'
export type Schema = Map<string, Type>

export type Expression = { type: Type; of: (row: Row) => Value; name?: string }

export type Reading = { reader: Reader; schema: Schema; now: number }

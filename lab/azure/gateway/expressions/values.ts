import { NotSimulated } from '../problems.ts'
import type { Message, Running } from '../running.ts'

/** The C# values that policy expressions know. A number is an `int`; what else there is carries its type in `is`. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

export type Thing =
  | { is: 'double'; value: number }
  | { is: 'JToken'; value: Json }
  | { is: 'JProperty'; name: string; value: Json }
  | { is: 'Guid'; value: string }
  | { is: 'TimeSpan'; ms: number }
  | { is: 'Match'; found: RegExpExecArray | null }
  | { is: 'Groups'; found: RegExpExecArray | null }
  | { is: 'Group'; value: string | undefined }
  | { is: 'strings'; values: string[] }
  | { is: 'Headers'; headers: Record<string, string> }
  | { is: 'Query'; query: URLSearchParams }
  | { is: 'Parameters'; parameters: Record<string, string> }
  | { is: 'Body'; of: Message }
  | { is: 'Url'; url: string }
  | { is: 'Variables'; run: Running }
  | Each<'context' | 'Request' | 'Response', { run: Running }>
  | Each<
      'Api' | 'Operation' | 'Subscription' | 'Product' | 'Backend' | 'Deployment' | 'LastError',
      { of: Facts }
    >

type Each<Is extends string, Rest> = Is extends string ? { is: Is } & Rest : never

/** Plain properties by name. */
export type Facts = Record<string, string>

export type Value = null | boolean | number | string | Thing

/** Thrown inside an expression: `ExpressionValueEvaluationFailure`, as C# would have thrown. */
export class Thrown extends Error {}

export const nullReference = () => new Thrown('Object reference not set to an instance of an object.')
const invalidCast = (from: string, to: string) =>
  new Thrown(`Unable to cast object of type '${from}' to type '${to}'.`)

export function typeOf(value: Value): string {
  if (value === null) return 'null'
  if (typeof value === 'number') return 'int'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'string' ? 'string' : value.is
}

const LARGEST_INT = 2_147_483_647
/** `int` arithmetic is unchecked in C#: it wraps. */
export const int = (value: number) => value | 0

export function parseInt32(text: string): number {
  const trimmed = text.trim()
  if (!/^[+-]?\d+$/.test(trimmed)) throw new Thrown('Input string was not in a correct format.')
  const value = Number(trimmed)
  if (value > LARGEST_INT || value < -LARGEST_INT - 1)
    throw new Thrown('Value was either too large or too small for an Int32.')
  return value
}

/** Tables are asked by names that callers make up: nothing is inherited. */
export const own = <T>(table: Record<string, T> | undefined, name: string): T | undefined =>
  table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined

export const real = (value: number): Thing => ({ is: 'double', value })

/** `ToString()`, and what `+` makes of a value beside a string. */
export function text(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value !== 'object') return String(value)
  switch (value.is) {
    case 'double':
      return String(value.value)
    case 'JToken':
      return textOfJson(value.value)
    case 'JProperty':
      return `${JSON.stringify(value.name)}: ${JSON.stringify(value.value)}`
    case 'Guid':
      return value.value
    case 'Match':
      return value.found?.[0] ?? ''
    case 'Group':
      return value.value ?? ''
    case 'Url':
      return value.url
    default:
      throw new NotSimulated(`${value.is}.ToString()`)
  }
}

/** Json.NET indents by two spaces and ends lines as Windows does; a plain string stands without quotes. */
function textOfJson(value: Json): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'number' ? String(value) : JSON.stringify(value, null, 2).replaceAll('\n', '\r\n')
}

/** What a value becomes inside a JObject. */
export function json(value: Value): Json {
  if (value === null || typeof value !== 'object') return value
  if (value.is === 'JToken' || value.is === 'double') return value.value
  if (value.is === 'Guid') return value.value
  if (value.is === 'strings') return value.values
  throw new NotSimulated(`a ${value.is} inside a JObject`)
}

/** `as object`: what a variable or a token gives back is unwrapped before it is compared. */
export const plain = (value: Value): Value =>
  value !== null && typeof value === 'object' && value.is === 'JToken' && !isContainer(value.value)
    ? (value.value as Value)
    : value

export const isContainer = (value: Json): value is Json[] | { [name: string]: Json } =>
  typeof value === 'object' && value !== null

/** C# conversions. `boxed`: an object is unboxed, which takes exactly its own type. */
export function cast(value: Value, type: string, boxed: boolean): Value {
  if (type === 'object') return value
  if (value === null) {
    if (type === 'string' || /^J/.test(type)) return null
    throw nullReference()
  }
  const from = typeOf(value)
  if (from === type) return value
  if (typeof value === 'object' && value.is === 'JToken') return fromToken(value.value, type)
  if (!boxed) {
    if (type === 'int' && typeof value === 'object' && value.is === 'double')
      return int(Math.trunc(value.value))
    if (type === 'double' && typeof value === 'number') return real(value)
  }
  throw invalidCast(from, type)
}

function fromToken(value: Json, type: string): Value {
  switch (type) {
    case 'string':
      if (isContainer(value)) throw new Thrown('Can not convert Object to String.')
      return value === null ? null : textOfJson(value)
    case 'int':
      if (typeof value === 'number') return int(Math.round(value))
      if (typeof value === 'string') return parseInt32(value)
      break
    case 'double':
      if (typeof value === 'number') return real(value)
      break
    case 'bool':
      if (typeof value === 'boolean') return value
      break
    case 'JObject':
      if (isContainer(value) && !Array.isArray(value)) return { is: 'JToken', value }
      break
    case 'JArray':
      if (Array.isArray(value)) return { is: 'JToken', value }
      break
    case 'JToken':
      return { is: 'JToken', value }
  }
  throw new Thrown(`Can not convert ${value === null ? 'null' : typeof value} to ${type}.`)
}

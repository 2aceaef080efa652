import { NotSimulated } from '../problems.ts'
import { patternOf } from './patterns.ts'
import {
  int,
  isContainer,
  type Json,
  json,
  own,
  parseInt32,
  real,
  type Thing,
  Thrown,
  text,
  typeOf,
  type Value,
} from './values.ts'

type Method = (args: Value[]) => Value

const empty = (value: Value | undefined) => value === null || value === undefined || value === ''

/** Both ints, or both doubles. */
const extreme =
  (pick: (...values: number[]) => number): Method =>
  ([a = null, b = null]) => {
    if (typeof a === 'number' && typeof b === 'number') return pick(a, b)
    return real(pick(realOf(a), realOf(b)))
  }

function realOf(value: Value): number {
  if (typeof value === 'number') return value
  if (value !== null && typeof value === 'object' && value.is === 'double') return value.value
  throw new Thrown(`Cannot convert '${typeOf(value)}' to double.`)
}

const METHODS: Record<string, Record<string, Method>> = {
  Regex: {
    IsMatch: ([input = null, pattern = null]) => patternOf(text(pattern)).test(given(input)),
    Match: ([input = null, pattern = null]) => ({
      is: 'Match',
      found: patternOf(text(pattern)).exec(given(input)),
    }),
    Replace: ([input = null, pattern = null, by = null]) =>
      given(input).replace(new RegExp(patternOf(text(pattern)), 'g'), text(by)),
  },
  Math: {
    Min: extreme(Math.min),
    Max: extreme(Math.max),
    Abs: ([value = null]) => (typeof value === 'number' ? Math.abs(value) : real(Math.abs(realOf(value)))),
    Ceiling: ([value = null]) => real(Math.ceil(realOf(value))),
    Floor: ([value = null]) => real(Math.floor(realOf(value))),
  },
  int: { Parse: ([value = null]) => parseInt32(given(value)) },
  Int32: { Parse: ([value = null]) => parseInt32(given(value)) },
  Convert: {
    ToInt32: ([value = null]) =>
      typeof value === 'string' ? parseInt32(value) : int(Math.round(realOf(value))),
    ToString: ([value = null]) => text(value),
  },
  bool: {
    Parse: ([value = null]) => {
      const word = given(value).trim().toLowerCase()
      if (word !== 'true' && word !== 'false')
        throw new Thrown('String was not recognized as a valid Boolean.')
      return word === 'true'
    },
  },
  string: {
    IsNullOrEmpty: ([value]) => empty(value),
    IsNullOrWhiteSpace: ([value]) => empty(value) || (typeof value === 'string' && value.trim() === ''),
    Concat: (args) => args.map(text).join(''),
  },
  JObject: {
    Parse: ([value = null]) => parsed(given(value), (json) => isContainer(json) && !Array.isArray(json)),
  },
  JArray: { Parse: ([value = null]) => parsed(given(value), Array.isArray) },
  JToken: { Parse: ([value = null]) => parsed(given(value), () => true) },
}
METHODS['String'] = METHODS['string'] ?? {}

const MEMBERS: Record<string, Record<string, Value>> = {
  string: { Empty: '' },
  String: { Empty: '' },
  int: { MaxValue: 2_147_483_647, MinValue: -2_147_483_648 },
}

export const isStatic = (name: string) => Object.hasOwn(METHODS, name)

export function staticMethod(type: string, name: string): Method {
  const method = own(own(METHODS, type), name)
  if (!method) throw new NotSimulated(`${type}.${name}()`)
  return method
}

export function staticMember(type: string, name: string): Value {
  const value = own(own(MEMBERS, type), name)
  if (value === undefined) throw new NotSimulated(`${type}.${name}`)
  return value
}

const CONSTRUCTED: Record<string, Method> = {
  JProperty: ([name = null, value = null]) => ({ is: 'JProperty', name: text(name), value: json(value) }),
  JArray: (args) => ({ is: 'JToken', value: args.map(json) }),
  JObject: (args) => ({
    is: 'JToken',
    value: Object.fromEntries(args.map(property).map(({ name, value }) => [name, value])),
  }),
}

function property(value: Value): Extract<Thing, { is: 'JProperty' }> {
  if (value !== null && typeof value === 'object' && value.is === 'JProperty') return value
  throw new Thrown(`Can not add ${typeOf(value)} to JObject.`)
}

export function constructed(type: string): Method {
  const make = own(CONSTRUCTED, type)
  if (!make) throw new NotSimulated(`new ${type}()`)
  return make
}

export function parsed(source: string, fits: (json: Json) => boolean): Thing {
  let value: Json
  try {
    value = JSON.parse(source)
  } catch {
    throw new Thrown('Error reading JToken from JsonReader: unexpected character.')
  }
  if (!fits(value)) throw new Thrown('Error reading JToken from JsonReader: current item is of another type.')
  return { is: 'JToken', value }
}

function given(value: Value): string {
  if (typeof value === 'string') return value
  if (value === null) throw new Thrown('Value cannot be null.')
  throw new Thrown(`Argument: cannot convert from '${typeOf(value)}' to 'string'.`)
}

import { NotSimulated } from '../problems.ts'
import { MEMBERS, type Members } from './members.ts'
import { stringMembers, stringMethods } from './strings.ts'
import { own, type Thing, Thrown, text, typeOf, type Value } from './values.ts'

/** From a value and a name to what stands there; a name that no table has is not simulated, and says so. */

const membersFor = (value: Thing) => MEMBERS[value.is] as Members<Thing>

export function memberOf(value: NonNullable<Value>, name: string): Value {
  if (typeof value === 'string') {
    const get = own(stringMembers, name)
    if (get) return get(value)
  }
  if (typeof value === 'object') {
    const get = own(membersFor(value).get, name)
    if (get) return get(value)
    const fact = 'of' in value && value.is !== 'Body' ? own(value.of, name) : undefined
    if (fact !== undefined) return fact
  }
  throw new NotSimulated(`${called(value)}.${name}`)
}

type Method = (args: Value[], generic?: string) => Value

export function methodOf(value: NonNullable<Value>, name: string): Method {
  if (name === 'ToString')
    return (args) => {
      if (args.length) throw new NotSimulated(`${called(value)}.ToString() with a format`)
      return text(value)
    }
  if (name === 'Equals') return ([other = null]) => value === other
  if (typeof value === 'string') {
    const method = own(stringMethods, name)
    if (method) return (args) => method(value, args)
  }
  if (typeof value === 'object') {
    const method = own(membersFor(value).call, name)
    if (method) return (args, generic) => method(value, args, generic)
  }
  throw new NotSimulated(`${called(value)}.${name}()`)
}

export function indexOf(value: NonNullable<Value>, key: Value): Value {
  if (typeof value === 'string') {
    const found = typeof key === 'number' ? value[key] : undefined
    if (found === undefined) throw new Thrown('Index was outside the bounds of the array.')
    return found
  }
  const at = typeof value === 'object' ? membersFor(value).at : undefined
  if (typeof value !== 'object' || !at) throw new NotSimulated(`${called(value)}[]`)
  return at(value, key)
}

/** As a reader of the policy would say it. */
const called = (value: Value) => {
  const type = typeOf(value)
  return [
    'Request',
    'Response',
    'Api',
    'Operation',
    'Subscription',
    'Product',
    'Backend',
    'Deployment',
    'LastError',
  ].includes(type)
    ? `context.${type}`
    : type
}

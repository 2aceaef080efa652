import { isRef, type Json, type JsonObject, type Ref, type Resource, type Wanted } from '../resources/kind.ts'

/** Live bodies by resource key. */
export type Live = (key: string) => JsonObject | undefined

export type Resolved = { body: JsonObject } | { waitsFor: string }

/** Puts what Azure has said into a described body. A reference that is not there yet names the resource it waits for. */
export function resolve(resource: Resource, live: Live): Resolved {
  let waitsFor: string | undefined
  const fill = (value: Wanted): Json => {
    if (isRef(value)) {
      const found = read(live(value.$ref), value)
      if (found === undefined && !value.optional) waitsFor ??= value.$ref
      return found ?? null
    }
    if (Array.isArray(value)) return value.map(fill)
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fill(inner)]))
    return value
  }
  const body = fill(resource.body) as JsonObject
  return waitsFor === undefined ? { body } : { waitsFor }
}

/** Keys of the resources a body refers to. */
export function referred(value: Wanted): string[] {
  if (isRef(value)) return [value.$ref]
  if (typeof value !== 'object' || value === null) return []
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(referred)
}

function read(body: JsonObject | undefined, reference: Ref): Json | undefined {
  let value: Json | undefined = body
  for (const part of reference.at) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Array.isArray(value) ? value[Number(part)] : value[String(part)]
  }
  return value
}

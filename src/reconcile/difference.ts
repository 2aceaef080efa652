import { derived } from '../resources/derive.ts'
import { isObject, type Json, type JsonObject, type Kind } from '../resources/kind.ts'
import { sameName, sameValue } from '../resources/spelling.ts'

/**
 * Comparing what is wanted with what Azure shows, the way Azure compares. Only what the document describes is looked at: server
 * defaults and other people's fields are never drift, and a merge keeps them.
 */

export interface Change {
  /** Path within the ARM body; items of identified lists as `properties.securityRules[allow-sql]`. */
  path: string
  before: Json
  after: Json
}

/** What comparing needs to know of a kind. */
type Sense = Pick<Kind, 'lists' | 'canonical' | 'derived'>

/** Fields in which the live body departs from the wanted one, sorted by path; empty when it is as described. */
export function difference(kind: Sense, wanted: JsonObject, live: JsonObject): Change[] {
  return [...differences(kind, '', '', derived(kind, wanted, live), live)].toSorted((a, b) =>
    a.path < b.path ? -1 : 1,
  )
}

/** `shown` is the path for people, with list items named; `generic` the one a kind's definition uses, without them. */
function* differences(
  kind: Sense,
  shown: string,
  generic: string,
  wanted: Json,
  live: Json | undefined,
): Generator<Change> {
  const change = (): Change => ({ path: shown, before: live ?? null, after: wanted })
  if (wanted === null) {
    if (!isAbsent(live)) yield change()
    return
  }
  if (Array.isArray(wanted)) {
    const identity = kind.lists[generic]
    if (identity && Array.isArray(live)) {
      for (const item of wanted) {
        const key = identityOf(item, identity)
        const match = live.find((other) => sameName(identityOf(other, identity), key))
        yield* differences(kind, `${shown}[${key}]`, generic, item, match)
      }
    } else if (
      wanted.length === 0 ? !isAbsent(live) : !Array.isArray(live) || !sameSet(kind, generic, wanted, live)
    )
      yield change()
    return
  }
  if (isObject(wanted)) {
    if (!isObject(live)) {
      if (Object.values(wanted).some((value) => value !== null)) yield change()
      return
    }
    for (const [name, value] of Object.entries(wanted))
      yield* differences(kind, join(shown, name), join(generic, name), value, live[name])
    return
  }
  if (!sameValue(kind, generic, wanted, live)) yield change()
}

/** The body to PUT: the live one (or nothing) with everything the document describes laid over it. */
export function merged(
  kind: Sense & Pick<Kind, 'neverSent'>,
  wanted: JsonObject,
  live: JsonObject | undefined,
): JsonObject {
  const { id: _id, name: _name, type: _type, etag: _etag, systemData: _systemData, ...base } = live ?? {}
  const body = laidOver(kind, '', derived(kind, wanted, live), base)
  for (const path of kind.neverSent) if (valueAt(wanted, path) === undefined) remove(body, path.split('.'))
  return body
}

function laidOver(kind: Sense, path: string, wanted: JsonObject, live: JsonObject): JsonObject {
  const body: JsonObject = { ...live }
  for (const [name, value] of Object.entries(wanted)) {
    const inner = join(path, name)
    const before = live[name]
    const identity = kind.lists[inner]
    if (value === null) delete body[name]
    else if (identity && Array.isArray(value)) body[name] = mergedList(kind, inner, identity, value, before)
    // As described already: the live list also has what others wrote into its items.
    else if (Array.isArray(value) && Array.isArray(before) && sameSet(kind, inner, value, before))
      body[name] = before
    else if (isObject(value)) body[name] = laidOver(kind, inner, value, isObject(before) ? before : {})
    else body[name] = value
  }
  return body
}

function mergedList(
  kind: Sense,
  path: string,
  identity: string,
  wanted: Json[],
  live: Json | undefined,
): Json[] {
  const others = Array.isArray(live) ? live : []
  const isOurs = (item: Json) =>
    wanted.some((ours) => sameName(identityOf(ours, identity), identityOf(item, identity)))
  const ours = wanted.map((item) => {
    const before = others.find((other) => sameName(identityOf(other, identity), identityOf(item, identity)))
    return isObject(item) ? laidOver(kind, path, item, isObject(before) ? before : {}) : item
  })
  return [...ours, ...others.filter((item) => !isOurs(item))]
}

/** Arrays without identities are sets: order says nothing, and an item too many is a difference. */
function sameSet(kind: Sense, path: string, wanted: Json[], live: Json[]): boolean {
  if (wanted.length !== live.length) return false
  const left = [...live]
  return wanted.every((item) => {
    const index = left.findIndex((other) => differences(kind, '', path, item, other).next().done)
    if (index < 0) return false
    left.splice(index, 1)
    return true
  })
}

const identityOf = (item: Json | undefined, path: string): string => String(valueAt(item, path) ?? '')

const valueAt = (value: Json | undefined, path: string): Json | undefined =>
  path
    .split('.')
    .reduce<Json | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), value)

function remove(body: JsonObject, [name, ...rest]: string[]): void {
  if (name === undefined) return
  const inner = body[name]
  if (rest.length === 0) delete body[name]
  else if (isObject(inner)) {
    body[name] = { ...inner }
    remove(body[name] as JsonObject, rest)
  }
}

const isAbsent = (value: Json | undefined): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0)
const join = (path: string, name: string) => (path ? `${path}.${name}` : name)

import { type Derive, isObject, type Json, type JsonObject, type Kind } from './kind.ts'

/** The described body with the kind's derived fields worked out, given the live body. The kind's own functions do not see each other. */
export function derived(
  kind: Pick<Kind, 'derived'>,
  wanted: JsonObject,
  live: JsonObject | undefined,
): JsonObject {
  return Object.entries(kind.derived ?? {}).reduce(
    (body, [path, derive]) => replaced(body, live, path.split('.'), derive),
    wanted,
  )
}

function replaced(
  wanted: JsonObject,
  live: JsonObject | undefined,
  [name = '', ...rest]: string[],
  derive: Derive,
): JsonObject {
  const described: Json | undefined = wanted[name]
  if (described === undefined) return wanted
  const there = live?.[name]
  if (rest.length === 0) return { ...wanted, [name]: derive(described, there) }
  if (!isObject(described)) return wanted
  return { ...wanted, [name]: replaced(described, isObject(there) ? there : undefined, rest, derive) }
}

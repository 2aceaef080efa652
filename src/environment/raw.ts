/** Reading what an author wrote, before it is known to be right: rules across fields report together with the schema. */

export const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value)

/** Items of a list, each with its path; none where there is no list. */
export const items = (value: unknown, path: string): { path: string; value: unknown }[] => {
  const list = at(value, path)
  return Array.isArray(list)
    ? list.map((item: unknown, index) => ({ path: `${path}[${index}]`, value: item }))
    : []
}

export const textAt = (value: unknown, path: string): string | undefined => {
  const found = at(value, path)
  return typeof found === 'string' ? found : undefined
}

export const numberAt = (value: unknown, path: string): number | undefined => {
  const found = at(value, path)
  return typeof found === 'number' ? found : undefined
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** All but the first of those with equal keys; what has none is left alone. */
export function repeated<Item>(list: Item[], key: (item: Item) => string | undefined): Item[] {
  const seen = new Set<string>()
  return list.filter((item) => {
    const name = key(item)?.toLowerCase()
    if (name === undefined) return false
    const again = seen.has(name)
    seen.add(name)
    return again
  })
}

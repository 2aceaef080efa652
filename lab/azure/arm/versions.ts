import type { Novelty, Properties } from './kind.ts'

/** What an api-version knows of some properties: younger ones are neither heard in a body nor shown. */
export function knownTo(apiVersion: string, novelties: Novelty[], properties: Properties): Properties {
  return novelties
    .filter(({ since }) => apiVersion < since)
    .reduce((known, { path }) => without(known, path.split('.')) as Properties, properties)
}

function without(value: unknown, [name = '', ...rest]: string[]): unknown {
  if (Array.isArray(value) && name === '[]') return value.map((entry) => without(entry, rest))
  if (typeof value !== 'object' || value === null || !(name in value)) return value
  const { [name]: inner, ...others } = value as Properties
  return rest.length === 0 ? others : { ...others, [name]: without(inner, rest) }
}

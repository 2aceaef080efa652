import { type Json, type Kind, shortLocation } from './kind.ts'

/** When two values are one: Azure spells many things in more than one way. */

/** @param path of the value within the body, without items of lists */
export function sameValue(
  kind: Pick<Kind, 'canonical'>,
  path: string,
  wanted: string | number | boolean,
  live: Json | undefined,
): boolean {
  if (typeof wanted !== 'string' || typeof live !== 'string') return wanted === live
  const canonical = kind.canonical?.[path]
  if (canonical) return spelled(canonical, wanted) === spelled(canonical, live)
  if (path === 'location') return shortLocation(wanted) === shortLocation(live)
  if (wanted.startsWith('/subscriptions/') || path.endsWith('name')) return sameName(wanted, live)
  return wanted === live
}

function spelled(canonical: (value: string) => string, value: string): string {
  try {
    return canonical(value)
  } catch {
    return value
  }
}

/** ARM ids and names are equal whatever their case. */
export const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

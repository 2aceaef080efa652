import { createHash } from 'node:crypto'

/** JSON with sorted keys: two documents that mean the same are the same text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** SHA-256 of the canonical form, hexadecimal. */
export const hash = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex')

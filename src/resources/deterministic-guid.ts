import { createHash } from 'node:crypto'

/** The same parts give the same GUID, in the form of version 5: what a run makes, the next one finds. Case says nothing, as in ARM ids. */
export function deterministicGuid(...parts: string[]): string {
  const bytes = createHash('sha256').update(parts.join('|').toLowerCase()).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

import { overlap, parseRange, type Range, within } from '../environment/ranges.ts'

/** Largest first: room for many endpoints, then for the few that fit (azure-facts 1.2). */
const prefixes = [26, 27, 28]

const text = (first: number, prefix: number) =>
  `${[24, 16, 8, 0].map((bits) => Math.floor(first / 2 ** bits) % 256).join('.')}/${prefix}`

const rangeAt = (first: number, prefix: number): Range | undefined => {
  const parsed = parseRange('', text(first, prefix))
  return 'first' in parsed ? parsed : undefined
}

/** The first range of `spaces` that nobody in `taken` has; undefined: there is none. */
export function freeRange(spaces: Range[], taken: Range[]): string | undefined {
  for (const prefix of prefixes)
    for (const space of spaces)
      for (let first = space.first; first <= space.last; ) {
        const candidate = rangeAt(first, prefix)
        if (!candidate || !within(candidate, space)) break
        const inTheWay = taken.find((it) => overlap(it, candidate))
        if (!inTheWay) return candidate.text
        const size = 2 ** (32 - prefix)
        first = Math.ceil((Math.max(inTheWay.last, candidate.last) + 1) / size) * size
      }
  return undefined
}

/** The smallest range that both are in. */
export function coverOf(a: Range, b: Range): Range | undefined {
  for (let prefix = Math.min(a.prefix, b.prefix); prefix >= 8; prefix--) {
    const size = 2 ** (32 - prefix)
    const cover = rangeAt(Math.floor(a.first / size) * size, prefix)
    if (cover && within(a, cover) && within(b, cover)) return cover
  }
  return undefined
}

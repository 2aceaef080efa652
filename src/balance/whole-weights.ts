import type { Limits } from './target.ts'

/**
 * Whole weights from 1 to 100, the largest 100, whose shares keep to their limits: rounding alone may leave them. Only where none of
 * these does is the largest a smaller number (42 and 98 where the bounds are 30 and 70 %).
 * @returns undefined where whole numbers cannot meet the limits
 */
export function wholeWeights(
  shares: Record<string, number>,
  limits: Limits,
): Record<string, number> | undefined {
  const natural = 100 / Math.max(...Object.values(shares))
  const members = Object.keys(shares).length
  const totals = Array.from({ length: Math.ceil(natural) + 1 }, (_, index) => members + index)
  totals.sort((a, b) => Math.abs(a - natural) - Math.abs(b - natural))
  let smaller: Record<string, number> | undefined
  for (const total of totals) {
    const weights = apportioned(shares, limits, total)
    if (weights && Object.values(weights).includes(100)) return weights
    smaller ??= weights
  }
  return smaller
}

/** Whole parts of a total, each within its limits, as near to the shares as that allows; undefined where there are none. */
function apportioned(shares: Record<string, number>, limits: Limits, total: number) {
  const parts = Object.entries(shares).map(([name, share]) => {
    const { low, high } = limits[name] ?? { low: 0, high: 1 }
    const least = Math.max(1, Math.ceil(low * total - 1e-7))
    const most = Math.min(100, Math.floor(high * total + 1e-7))
    return { name, exact: share * total, least, most, whole: clamp(Math.round(share * total), least, most) }
  })
  const sum = (end: 'least' | 'most' | 'whole') => parts.reduce((added, part) => added + part[end], 0)
  if (parts.some(({ least, most }) => least > most) || sum('least') > total || sum('most') < total)
    return undefined
  for (let missing = total - sum('whole'); missing !== 0; missing -= Math.sign(missing)) {
    const up = Math.sign(missing)
    const movable = parts.filter(({ whole, least, most }) => (up > 0 ? whole < most : whole > least))
    // The one that rounding took most from, or gave most to.
    const next = movable.reduce((best, part) =>
      up * (part.exact - part.whole) > up * (best.exact - best.whole) ? part : best,
    )
    next.whole += up
  }
  return Object.fromEntries(parts.map(({ name, whole }) => [name, whole]))
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value))

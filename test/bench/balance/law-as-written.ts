import { type Controller, integersOf, normalised, type Pool, type Sample } from './controller.ts'

/** The law of the reference, word for word: capacity-learned weights. It stays in the table beside ours. */
export const lawAsWritten: Controller = {
  name: 'law as written',
  open: (pool) => {
    const quotas = quotasOf(pool)
    const learned: Learned = { h: quotas.map(() => 1), e: quotas.map(() => 1), k: 0 }
    let writtenMs = Number.NEGATIVE_INFINITY
    let dataMs: number | undefined
    const atQuota = integersOf(quotas)
    return {
      weights: atQuota,
      turn: ({ nowMs, fresh, weights }) => {
        dataMs ??= nowMs
        if (fresh.length === 0) {
          if (nowMs - dataMs <= 15 * 60_000) return undefined
          learned.h.fill(1)
          learned.e.fill(1)
        }
        if (fresh.length > 0) dataMs = nowMs
        let isUrgent = false
        for (const samples of Map.groupBy(fresh, ({ minute }) => minute).values())
          if (learn(learned, quotas, byMember(samples, pool), pool.hasBreaker)) isUrgent = true
        const shares = normalised(weights)
        const target = normalised(quotas.map((quota, i) => quota * (learned.h[i] ?? 1) * (learned.e[i] ?? 1)))
        const next = bounded(shares, target, pool.bounds)
        const moved = next.reduce((sum, share, i) => sum + Math.abs(share - (shares[i] ?? 0)), 0) / 2
        const isCool = nowMs - writtenMs >= 120_000
        if (moved < 0.04 || !(isCool || isUrgent || moved >= 0.1)) return undefined
        writtenMs = nowMs
        return { weights: integersOf(next) }
      },
    }
  },
}

interface Learned {
  h: number[]
  e: number[]
  k: number
}

const quotasOf = ({ quotas }: Pool): number[] =>
  quotas.every((quota) => quota !== undefined) ? quotas.map((quota) => quota ?? 1) : quotas.map(() => 1)

const byMember = (samples: Sample[], { names }: Pool) =>
  names.map((name) => samples.find(({ backend }) => backend === name))

/** @returns whether what is learned is urgent */
function learn(
  learned: Learned,
  quotas: number[],
  rows: (Sample | undefined)[],
  hasBreaker: boolean,
): boolean {
  const { h, e } = learned
  const u = rows.map((row, i) => (row?.tokens ?? 0) / (quotas[i] ?? 1))
  learned.k = Math.max(0.998 * learned.k, ...u)
  const { k } = learned
  if (k === 0) return false
  const filled = rows.reduce((sum, row, i) => sum + (row ? (h[i] ?? 1) * k * (quotas[i] ?? 1) : 0), 0)
  const R = rows.reduce((sum, row) => sum + (row?.tokens ?? 0), 0) / filled
  const isSaturated = (row: Sample | undefined) =>
    row !== undefined && row.throttled > 0 && row.throttled >= 0.002 * row.total
  let isUrgent = false
  for (const [i, row] of rows.entries()) {
    if (!row) continue
    const v = (u[i] ?? 0) / k
    const own = h[i] ?? 1
    const health = e[i] ?? 1
    const failing = row.errors / row.total
    if (!hasBreaker && row.errors >= 3 && failing > 0.2) {
      e[i] = Math.min(health, Math.max(0.02, (1 - failing) ** 2))
      isUrgent = true
      continue
    }
    if (health < 1) {
      e[i] = Math.min(1, 2 * health + 0.3)
      isUrgent = true
    }
    const othersThrottled = rows.some((other, j) => j !== i && (other?.throttled ?? 0) > 0)
    const nobodyThrottled = rows.every((other) => (other?.throttled ?? 0) === 0)
    let next = own
    if (isSaturated(row)) next += (v < own ? 0.3 : 0.09) * (v - own)
    else if (v > own) next = v
    else if (othersThrottled && (own < 1 || v > 0.7 * own * Math.min(1, R))) next *= 1.03
    else if (nobodyThrottled && own < 1) next = Math.min(1, 1.02 * own)
    h[i] = Math.min(4, Math.max(0.03, next))
  }
  return isUrgent
}

function bounded(shares: number[], target: number[], bounds: Pool['bounds']): number[] {
  const stepped = target.map((wanted, i) => {
    const share = shares[i] ?? 0
    const most = Math.max(2 * share, 0.05, share + 0.2)
    const [low, high] = bounds?.[i] ?? [0, 100]
    const moved = Math.max(0.01 / target.length, Math.min(most, Math.max(share / 3, wanted)))
    return Math.min(high / 100, Math.max(low / 100, moved))
  })
  return normalised(stepped)
}

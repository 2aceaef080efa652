import { type Controller, integersOf, normalised, type Pool, type Sample } from './controller.ts'

/** What others do with the same metrics, once a minute, each as its own description has it. */
type Rule = (row: Sample, member: number, rows: Sample[]) => void

/** A peer is a rule for each member's row, and the weights that follow from what the rule keeps. */
function peer(
  name: string,
  begin: (quotas: number[]) => { rule: Rule; weights: () => number[] },
): Controller {
  return {
    name,
    open: (pool) => {
      const quotas = pool.quotas.map((quota) => quota ?? 1)
      const { rule, weights } = begin(quotas)
      return {
        weights: integersOf(quotas),
        turn: ({ fresh, weights: written }) => {
          if (fresh.length === 0) return undefined
          for (const rows of Map.groupBy(fresh, ({ minute }) => minute).values()) each(rows, pool, rule)
          const next = integersOf(weights())
          return next.every((weight, member) => weight === written[member]) ? undefined : { weights: next }
        },
      }
    },
  }
}

const each = (rows: Sample[], { names }: Pool, rule: Rule) => {
  for (const row of rows) rule(row, names.indexOf(row.backend), rows)
}

const badShare = ({ throttled, errors, total }: Sample) => (throttled + errors) / total

/** Additive increase, multiplicative decrease of each share; what is added is a part of the quota's share. */
const aimd = (name: string, by: { cut: number; gain: number; deadband: number }) =>
  peer(name, (quotas) => {
    const quotaShares = normalised(quotas)
    let shares = quotaShares
    return {
      rule: (row, member) => {
        const share = shares[member] ?? 0
        const next =
          badShare(row) > by.deadband ? share * by.cut : share + by.gain * (quotaShares[member] ?? 0)
        shares = shares.with(member, Math.max(0.002, next))
      },
      weights: () => {
        shares = normalised(shares)
        return shares
      },
    }
  })

/** gRPC's weighted round robin: calls served over utilisation, the latter raised by the share of errors (gRFC A58); utilisation is tokens over quota. */
const grpcLike = peer('gRPC-WRR-like', (quotas) => {
  const means = quotas.slice()
  const kept = 0.7
  return {
    rule: (row, member) => {
      const utilisation = row.tokens / (quotas[member] ?? 1)
      const weight = row.ok > 0 ? row.tokens / (utilisation * (1 + badShare(row))) : 0
      means[member] = kept * (means[member] ?? 0) + (1 - kept) * weight * (1 - badShare(row))
    },
    weights: () => means,
  }
})

/** Integral control: the logarithm of a weight goes down with what is refused beyond the pool's mean. */
const integral = peer('integral', (quotas) => {
  const logs = quotas.map(Math.log)
  const gain = 1
  return {
    rule: (row, member, rows) => {
      const bad = rows.reduce((sum, one) => sum + one.throttled + one.errors, 0)
      const total = rows.reduce((sum, one) => sum + one.total, 0)
      logs[member] = (logs[member] ?? 0) - gain * (badShare(row) - bad / total)
    },
    weights: () => logs.map(Math.exp),
  }
})

/** Fills every member to the same level of what it was last seen to take: admitted tokens when it refused, and its quota again by and by. */
const waterFill = peer('water-fill', (quotas) => {
  const levels = quotas.map(() => 1)
  // Tokens that a token of quota buys: the fullest ever seen.
  let yields = 0
  return {
    rule: (row, member) => {
      const used = row.tokens / (quotas[member] ?? 1)
      yields = Math.max(yields * 0.998, used)
      const seen = used / yields
      const level = levels[member] ?? 1
      levels[member] =
        badShare(row) > 0.01
          ? Math.max(0.03, level + 0.3 * (seen - level))
          : Math.max(seen, level + 0.05 * (1 - level))
    },
    weights: () => quotas.map((quota, member) => quota * (levels[member] ?? 1)),
  }
})

export const peers: Controller[] = [
  waterFill,
  aimd('AIMD, tuned', { cut: 0.85, gain: 0.05, deadband: 0.02 }),
  grpcLike,
  integral,
  aimd('AIMD', { cut: 0.5, gain: 0.1, deadband: 0 }),
]

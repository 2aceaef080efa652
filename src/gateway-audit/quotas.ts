import { type Member, type Pool, servedBy } from './pool-view.ts'

/** What its members may admit, by backend. Undefined where one is not known, or where provisioned units stand beside tokens: these have no proportion. */
export function quotasOf(pool: Pool, group: Member[]): Record<string, number> | undefined {
  const served = group.map((member) => ({ member, deployment: servedBy(member, pool) }))
  const kinds = new Set(served.map(({ deployment }) => deployment?.provisioned))
  if (kinds.size !== 1 || kinds.has(undefined)) return undefined
  const models = new Set(served.map(({ deployment }) => deployment?.model.toLowerCase()))
  if (models.size !== 1) return undefined
  return Object.fromEntries(
    served.map(({ member, deployment }) => [
      member.backend,
      deployment?.tokensPerMinute ?? deployment?.capacity ?? 0,
    ]),
  )
}

import { answersIn, isThrottled, minutesOf } from './figures.ts'
import { type Member, type Pool, servedBy } from './pool-view.ts'
import { quotasOf } from './quotas.ts'
import type { View } from './view.ts'

/** Why it does not matter how this pool's weights stand; undefined where it may. */
export function needless(pool: Pool, view: View): string | undefined {
  if (pool.sticky) return 'callers stay with the member they met first'
  if (pool.groups.every((group) => group.length === 1)) return 'no two members share a priority'
  if (isThrottled(view, ...pool.members) !== false || !isMeasured(pool, view)) return undefined
  const fill = Math.max(...pool.members.map((member) => fillOf(member, pool, view) ?? Number.NaN))
  if (fill < 0.5)
    return `at its busiest minute no member was filled above ${Math.ceil(100 * fill)} %, and none answered 429`
  return pool.groups.every((group) => isEven(pool, group))
    ? 'quotas are equal, weights are equal, and no member answered 429'
    : undefined
}

/** An hour of minutes with calls in them, and no member that others of its group took the calls of: one that is kept out does not answer 429 either. */
function isMeasured({ groups, members }: Pool, view: View): boolean {
  const minutes = members
    .flatMap((member) => minutesOf(member, view) ?? [])
    .filter((it) => answersIn([it]) > 0)
  const called = groups.map((group) => group.map((it) => answersIn(minutesOf(it, view) ?? []) > 0))
  return (
    new Set(minutes.map(({ minuteMs }) => minuteMs)).size >= 60 &&
    called.flat().includes(true) &&
    called.every((group) => new Set(group).size === 1)
  )
}

function isEven(pool: Pool, group: Member[]): boolean {
  const quotas = quotasOf(pool, group)
  const isOne = (values: unknown[]) => new Set(values).size === 1
  return quotas !== undefined && isOne(Object.values(quotas)) && isOne(group.map(({ weight }) => weight))
}

/** The busiest minute's tokens of what its quota allows; undefined where either is not known. */
function fillOf(member: Member, pool: Pool, view: View): number | undefined {
  const quota = servedBy(member, pool)?.tokensPerMinute
  const fills = (minutesOf(member, view) ?? []).flatMap(({ tokens, utilisationPercent }) =>
    quota && tokens !== undefined
      ? tokens / quota
      : utilisationPercent !== undefined
        ? utilisationPercent / 100
        : [],
  )
  return fills.length > 0 ? Math.max(...fills) : undefined
}

import { sharesOf } from '../gateway/shares.ts'
import { answersIn, callsIn, type Figures, minutesOf, ofBackend } from './figures.ts'
import type { Finding } from './finding.ts'
import type { Member } from './pool-view.ts'
import { failsOver, membersIn, type Rule, type View } from './view.ts'

/** Members that a Retry-After of hours keeps out: the breaker honours it, and no policy can shorten it (azure-facts 4.3). */
export const parked: Rule = (view) => {
  const { figures } = view.live
  if (!figures) return []
  return [
    ...membersIn(view.pools).flatMap((member) => longWait(member, figures)),
    ...view.pools
      .filter(failsOver)
      .flatMap(({ groups }) => groups.flatMap((group) => silentMembers(group, view, figures))),
  ]
}

const fix =
  'see whether the deployment’s quota is used up; then put a new backend in its place in the pool, whose breaker is closed'
const source = 'docs/gateway.md, Numbers'

function longWait({ backend }: Member, figures: Figures): Finding[] {
  const waits = ofBackend(figures, backend).map(({ retryAfterSeconds = 0 }) => retryAfterSeconds)
  const longest = Math.max(0, ...waits)
  return longest < 3600
    ? []
    : [
        {
          id: 'retry-after-of-hours',
          severity: 'costs calls',
          where: { backend },
          what: 'it said Retry-After in hours, and its breaker keeps it out for as long',
          figure: `measured here: Retry-After of ${longest} s, ${Math.round(longest / 360) / 10} hours`,
          fix,
          source,
        },
      ]
}

/** Calls a member would have had in an hour or more, from which on their absence is no chance. */
const surelyCalls = 20

/**
 * Its metrics count every try, so one that is throttled all the time is not silent. Whether the calls of the others came through the
 * gateway only its log knows: where that says they did not, nothing is said; where there is none, it is a risk.
 */
function silentMembers(group: Member[], view: View, figures: Figures): Finding[] {
  const shares = sharesOf(Object.fromEntries(group.map(({ backend, weight }) => [backend, weight ?? 1])))
  const measured = group.map((member) => ({ member, minutes: minutesOf(member, view) }))
  const all = measured.flatMap(({ minutes }) => minutes ?? []).filter((it) => answersIn([it]) > 0)
  const times = all.map(({ minuteMs }) => minuteMs)
  const spanMinutes = (Math.max(...times) - Math.min(...times)) / 60_000
  const logged = group.reduce((sum, { backend }) => sum + callsIn(ofBackend(figures, backend)), 0)
  const isLogged = figures.gateway.length > 0
  const calls = isLogged ? Math.min(logged, answersIn(all)) : answersIn(all)
  if (!(spanMinutes >= 60)) return []
  return measured
    .filter(({ minutes }) => minutes !== undefined && answersIn(minutes) === 0)
    .filter(({ member }) => calls * (shares[member.backend] ?? 0) >= surelyCalls)
    .map(({ member: { backend } }) => ({
      id: 'member-parked',
      severity: isLogged ? 'costs calls' : 'risk',
      where: { backend },
      what: `it has quota and a share, and is not called while others of its group are: a breaker keeps it out${isLogged ? '' : ', unless these are called past the gateway'}`,
      figure: `measured here: no call in ${Math.round(spanMinutes)} minutes, while the others took ${calls}`,
      fix,
      source,
    }))
}

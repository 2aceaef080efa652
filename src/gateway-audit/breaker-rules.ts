import { listText } from '../preflight/words.ts'
import { type Breaker, breakerOf, tripsOn } from './breaker.ts'
import { exhaustedText, throttledText } from './figures.ts'
import type { Finding } from './finding.ts'
import type { Member } from './pool-view.ts'
import { figure, simulated } from './simulated.ts'
import { failsOver, membersIn, type Rule } from './view.ts'

/** A pool fails over only through its members' breakers: one wrong setting here outweighs every choice of weights. */

/** From here on a trip that nobody asked for is long: request limits are kept in windows of 10 seconds or a minute. */
const longTripSeconds = 30
const veryLongTripSeconds = 60

export const missingBreakers: Rule = (view) =>
  membersIn(view.pools.filter(failsOver))
    .filter((member) => member.body && !breakerOf(member))
    .map((member) => ({
      id: 'breaker-missing',
      severity: 'costs calls',
      where: { backend: member.backend },
      what: 'has no circuit breaker: while it answers 429 the pool goes on sending it its share, every try again',
      ...figure(throttledText(view, member), simulated.tries),
      fix: 'give it a breaker: 1 failure of 408, 429, 499 or 500 to 599 trips it for its Retry-After, else 10 s; and answer with Retry-After when all are tripped',
      source: 'azure-facts 4.4',
    }))

export const breakerSettings: Rule = (view) =>
  membersIn(view.pools).flatMap((member) => {
    const breaker = breakerOf(member)
    return breaker ? faultsOf(member, breaker, throttledText(view, member)) : []
  })

function faultsOf({ backend }: Member, breaker: Breaker, measured: string | undefined): Finding[] {
  const { acceptsRetryAfter, tripSeconds, count, percentage } = breaker
  const where = { backend }
  const found: Finding[] = []
  if (tripSeconds === undefined)
    found.push({
      id: 'not-understood',
      severity: 'note',
      where,
      what: 'the trip duration of its breaker cannot be read',
      fix: 'write it as ISO 8601, such as PT10S',
      source: 'azure-facts 4.3',
    })
  if (!tripsOn(breaker, 429)) found.push(omits429(where, breaker, measured))
  else if (!acceptsRetryAfter)
    found.push({
      id: 'breaker-ignores-retry-after',
      severity: (tripSeconds ?? 0) >= longTripSeconds ? 'costs calls' : 'risk',
      where,
      what: `its breaker trips for ${tripSeconds ?? 'some'} s whatever the 429 says: it stays out when it could answer again, or comes back too early`,
      ...figure(measured, simulated.fixedTrip),
      fix: 'set acceptRetryAfter to true, and the trip duration to PT10S for failures that do not say how long',
      source: 'azure-facts 4.3',
    })
  if (acceptsRetryAfter && (tripSeconds ?? 0) >= veryLongTripSeconds)
    found.push({
      id: 'breaker-trips-long',
      severity: 'risk',
      where,
      what: `its breaker trips for ${tripSeconds} s after a failure that does not say how long, as most 5xx do not`,
      fix: 'set the trip duration to PT10S',
      source: 'docs/gateway.md, Numbers',
    })
  const callers = [200, 400, 404, 413, 422].filter((status) => tripsOn(breaker, status))
  if (callers.length > 0)
    found.push({
      id: 'breaker-counts-callers',
      severity: 'costs calls',
      where,
      what: `its breaker counts ${listText(callers.map(String))}: these say nothing of the member, and one caller’s mistakes take it away from all`,
      fix: 'leave in its ranges only 408, 429, 499 and 500 to 599',
      source: 'docs/gateway.md, The failover contract',
    })
  if ((count ?? 1) > 1 || percentage !== undefined)
    found.push({
      id: 'breaker-waits',
      severity: 'risk',
      where,
      what: `its breaker waits for ${percentage === undefined ? `${count} failures` : `${percentage} % of failures`}: until then tries of the same call meet the same throttled member`,
      ...figure(measured),
      fix: 'set count to 1: a member that said 429 must be out before the next try picks',
      source: 'azure-facts 6.3',
    })
  return found
}

/** Where it knows reasons and no statuses, what they cover is written down nowhere. */
const omits429 = (
  where: Finding['where'],
  { ranges, reasons }: Breaker,
  measured: string | undefined,
): Finding =>
  ranges.length === 0 && reasons.length > 0
    ? {
        id: 'not-understood',
        severity: 'note',
        where,
        what: `its breaker names reasons (${listText(reasons)}) and no statuses: whether a 429 trips it is not known`,
        fix: 'name the statuses: 408, 429, 499 and 500 to 599',
        source: 'azure-facts 4.3',
      }
    : {
        id: 'breaker-omits-429',
        severity: 'costs calls',
        where,
        what: 'its breaker does not count 429, which is how a deployment says that it is full',
        ...figure(measured, simulated.tries),
        fix: 'add 429 to its ranges',
        source: 'azure-facts 4.3',
      }

/** The next group is asked only when every member of the better one is tripped. */
export const unreachableGroups: Rule = (view) =>
  view.pools.flatMap(({ name, groups }): Finding[] => {
    const blocking = groups
      .slice(0, -1)
      .map((group) => group.filter((member) => member.body && !breakerOf(member)))
      .find((members) => members.length > 0)
    if (!blocking) return []
    return [
      {
        id: 'group-unreachable',
        severity: 'costs calls',
        where: { pool: name },
        what: `the groups after priority ${blocking[0]?.priority} are never used: ${listText(blocking.map(({ backend }) => backend))} ${blocking.length === 1 ? 'has' : 'have'} no breaker, and so never leave${blocking.length === 1 ? 's' : ''} the pool`,
        ...figure(throttledText(view, ...blocking), exhaustedText(view)),
        fix: 'give every member of the better groups a breaker',
        source: 'azure-facts 4.4',
      },
    ]
  })

import { lastMinutes, totals } from '../metric.ts'
import { stopwatch } from '../phases.ts'
import type { Evidence } from '../probe.ts'
import type { Judgement } from '../reason.ts'
import { compareShares, type Share } from '../shares.ts'
import type { Member, Tools } from '../tools.ts'
import { judged, type Module } from './module.ts'

const minutes = 30
const fewest = 200

/**
 * The pool's members have the shares of the calls that their weights give them now. Counted by the accounts, which see every call, also those that
 * did not come through the gateway; members that take nobody's calls but the pool's make this exact.
 */
export const distribution: Module<'distribution'> = async ({ pool, members }, tools) => {
  const watch = stopwatch()
  const evidence: Evidence = { phases: watch.phases, trace: [] }
  const unknown = (reason: 'Unreadable' | 'TooFewCalls' | 'TrafficMoved', why: string): Judgement => ({
    result: 'inconclusive',
    reason,
    why,
  })
  const inForce = await tools.members(pool)
  if (!inForce) return judged(unknown('Unreadable', `${pool} cannot be read`), evidence)
  const first = Math.min(...[...inForce.values()].map(({ priority }) => priority))
  const counted = []
  for (const { backend, accountId, deployment } of members) {
    const member = inForce.get(backend)
    if (!member || member.priority !== first || member.weight === 0) continue
    const count = await callsOf(accountId, deployment, tools)
    if ('unreadable' in count)
      return judged(unknown('Unreadable', `${backend}: ${count.unreadable}`), evidence)
    evidence.trace.push(
      `${backend}: ${count.calls} calls, ${count.refused} of them 429 or 5xx, weight ${member.weight}`,
    )
    counted.push({ name: backend, ...count, weight: (member satisfies Member).weight })
  }
  watch.lap('arm')
  const calls = counted.reduce((sum, count) => sum + count.calls, 0)
  const refused = counted.reduce((sum, count) => sum + count.refused, 0)
  if (calls < fewest)
    return judged(
      unknown('TooFewCalls', `${calls} calls in ${minutes} minutes; below ${fewest} they tell nothing`),
      evidence,
    )
  if (refused > 0)
    return judged(
      unknown(
        'TrafficMoved',
        `${refused} of ${calls} calls were answered 429 or 5xx, so that breakers moved traffic`,
      ),
      evidence,
    )
  return judged(judge(pool, calls, compareShares(counted)), evidence)
}

async function callsOf(accountId: string, deployment: string, tools: Tools) {
  const counts = await totals(tools, {
    resourceId: accountId,
    metric: 'AzureOpenAIRequests',
    filter: `ModelDeploymentName eq '${deployment}' and StatusCode eq '*'`,
    ...lastMinutes(minutes, tools.nowMs()),
  })
  if ('unreadable' in counts) return counts
  const ofStatus = (pattern: RegExp) =>
    counts.filter(({ of }) => pattern.test(of['statuscode'] ?? '')).reduce((sum, { total }) => sum + total, 0)
  return { calls: ofStatus(/./), refused: ofStatus(/^(429|5\d\d)$/) }
}

function judge(pool: string, calls: number, shares: Share[]): Judgement {
  const shown = shares.map(
    ({ name, actual, expected, low, high }) =>
      `${name} ${percent(actual)} (99 % interval ${percent(low)} to ${percent(high)}) for ${percent(expected)}`,
  )
  const isOff = shares.some((share) => share.isOff)
  return {
    result: isOff ? 'fail' : 'pass',
    reason: isOff ? 'SharesOff' : 'Works',
    why: `${pool}, ${calls} calls in ${minutes} minutes: ${shown.join('; ')}`,
    ...(isOff ? { stoppedIn: 'gateway' as const } : {}),
  }
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

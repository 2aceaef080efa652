import { lastMinutes, totals } from '../metric.ts'
import { stopwatch } from '../phases.ts'
import type { Evidence } from '../probe.ts'
import type { Judgement } from '../reason.ts'
import { judged, type Module } from './module.ts'

/**
 * Events come to the hub where the gateway had calls to tell of: by the hub's own count, not by the gateway's word. Only calls that got as far as a
 * backend are told of.
 */
export const arrivals: Module<'arrivals'> = async ({ hubId, apimId, minutes }, tools) => {
  const watch = stopwatch()
  const evidence: Evidence = { phases: watch.phases, trace: [] }
  const [, namespaceId = '', hub = ''] = /^(.*)\/eventhubs\/([^/]+)$/i.exec(hubId) ?? []
  const span = lastMinutes(minutes, tools.nowMs())
  const [calls, events] = await Promise.all([
    totals(tools, { resourceId: apimId, metric: 'Requests', filter: "BackendResponseCode eq '*'", ...span }),
    totals(tools, {
      resourceId: namespaceId,
      metric: 'IncomingMessages',
      filter: `EntityName eq '${hub}'`,
      ...span,
    }),
  ])
  watch.lap('arm')
  const unknown = (reason: 'Unreadable' | 'TooFewCalls', why: string): Judgement => ({
    result: 'inconclusive',
    reason,
    why,
  })
  if ('unreadable' in calls)
    return judged(unknown('Unreadable', `calls of the gateway: ${calls.unreadable}`), evidence)
  if ('unreadable' in events)
    return judged(unknown('Unreadable', `events of ${hub}: ${events.unreadable}`), evidence)
  const told = calls
    .filter(({ of }) => /^[1-9]\d\d$/.test(of['backendresponsecode'] ?? ''))
    .reduce((sum, { total }) => sum + total, 0)
  const came = events.reduce((sum, { total }) => sum + total, 0)
  evidence.trace.push(`${told} calls got to a backend, ${came} events came to ${hub}, in ${minutes} minutes`)
  if (told === 0)
    return judged(
      unknown('TooFewCalls', `the gateway had no calls to tell of in ${minutes} minutes`),
      evidence,
    )
  return judged(
    came > 0
      ? { result: 'pass', reason: 'Works', why: `${came} events of ${told} calls in ${minutes} minutes` }
      : {
          result: 'fail',
          reason: 'NoEvents',
          why: `${told} calls in ${minutes} minutes, and no event came to ${hub}`,
          stoppedIn: 'gateway',
        },
    evidence,
  )
}

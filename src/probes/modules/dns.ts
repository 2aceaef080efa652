import { outside } from '../addresses.ts'
import { stopwatch } from '../phases.ts'
import type { Evidence, Targets } from '../probe.ts'
import type { Judgement } from '../reason.ts'
import type { Tools } from '../tools.ts'
import { halted, judged, type Module } from './module.ts'

/**
 * A name has addresses, all of them where they must lie, and leads through the private link's name where there is one. Turned round: it has none,
 * or public ones at which nothing accepts a connection.
 */
export const dns: Module<'dns'> = async (target, tools, signal, expect) => {
  const watch = stopwatch()
  const evidence: Evidence = { phases: watch.phases, trace: [] }
  const found = await tools.lookUp(target.host, signal)
  watch.lap('lookup')
  if ('reason' in found) {
    evidence.trace.push(found.why)
    if (expect === 'fails' && found.reason === 'NameNotFound')
      return judged({ result: 'pass', reason: 'Unreachable', why: found.why }, evidence)
    return halted(found, evidence)
  }
  evidence.trace.push(`${target.host} is ${found.join(', ')}`)
  if (expect === 'fails') return judged(await mustNotLead(target, found, tools, signal), evidence)

  const stray = outside(target.host, found, target.within)
  if (stray) return halted(stray, evidence)
  if (target.through !== undefined) {
    const aliases = await tools.aliasesOf(target.host, signal)
    watch.lap('lookup')
    if ('reason' in aliases) return halted(aliases, evidence)
    evidence.trace.push(aliases.length > 0 ? `through ${aliases.join(', ')}` : 'no alias')
    if (!aliases.includes(target.through.toLowerCase()))
      return judged(
        {
          result: 'fail',
          reason: 'NotThroughPrivateLink',
          why: `${target.host} leads to ${found.join(', ')} without ${target.through}: somebody else's record answers for it`,
          stoppedIn: 'dns',
        },
        evidence,
      )
  }
  return judged({ result: 'pass', reason: 'Works', why: `${target.host} is ${found.join(', ')}` }, evidence)
}

async function mustNotLead(
  { host, within }: Targets['dns'],
  found: string[],
  tools: Tools,
  signal: AbortSignal,
): Promise<Judgement> {
  if (outside(host, found, within) === undefined)
    return {
      result: 'fail',
      reason: 'Reached',
      why: `${host} tells its private address ${found.join(', ')} where nobody should hear of it`,
      stoppedIn: 'dns',
    }
  const tried = await tools.connect({ host, port: 443, within: [] }, false, signal)
  if (tried.is === 'connected')
    return {
      result: 'fail',
      reason: 'Reached',
      why: `${host} is ${found.join(', ')}, and port 443 accepts`,
      stoppedIn: 'tcp',
    }
  if (tried.reason === 'Cancelled') return { result: 'inconclusive', reason: 'Cancelled', why: tried.why }
  return {
    result: 'pass',
    reason: 'Unreachable',
    why: `${host} is ${found.join(', ')}, and nothing answers there: ${tried.why}`,
  }
}

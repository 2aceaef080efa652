import type { Evidence } from '../probe.ts'
import { judgeCall } from './call.ts'
import { halted, judged, type Module } from './module.ts'
import { signed } from './signed.ts'

/** The calls of the playground's browser, one after the other as it makes them; the first that fails is the answer. */
export const portal: Module<'portal'> = async ({ calls, within, as }, tools, signal) => {
  const evidence: Evidence = { phases: [], trace: [] }
  for (const { url, method, audience, body } of calls) {
    const asking = { url, method, within, ...(body ? { body } : {}) }
    const came = await signed(asking, { as, audience }, 'role', tools, signal)
    evidence.phases.push(...came.phases)
    evidence.trace.push(...came.trace)
    if (came.requestId) evidence.requestId = came.requestId
    if (came.is === 'unanswered') return halted(came, evidence)
    const judgement = judgeCall({ url }, came, 'role')
    if (judgement.result !== 'pass') return judged(judgement, evidence)
  }
  return judged(
    { result: 'pass', reason: 'Works', why: `all ${calls.length} calls of the playground answered` },
    evidence,
  )
}

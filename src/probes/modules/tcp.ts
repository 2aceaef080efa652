import { halted, judged, type Module } from './module.ts'

/** A connection is accepted; turned round: none is, however it fails. Why a rule or a route is to blame is for the explanation to find. */
export const tcp: Module<'tcp'> = async (target, tools, signal, expect) => {
  const tried = await tools.connect(target, false, signal)
  const where = `${target.host}:${target.port}`
  if (expect === 'works')
    return tried.is === 'connected'
      ? judged({ result: 'pass', reason: 'Works', why: `${where} accepts connections` }, tried)
      : halted(tried, tried)
  if (tried.is === 'connected')
    return judged(
      {
        result: 'fail',
        reason: 'Reached',
        why: `${where} accepts connections, and must not`,
        stoppedIn: 'tcp',
      },
      tried,
    )
  return closed.has(tried.reason)
    ? judged({ result: 'pass', reason: 'Unreachable', why: `${where} is closed: ${tried.why}` }, tried)
    : judged({ result: 'inconclusive', reason: tried.reason, why: tried.why, stoppedIn: tried.layer }, tried)
}

/** Ways of not being reached that prove it; a resolver that is down proves nothing. */
const closed = new Set(['NameNotFound', 'Refused', 'TimedOut', 'NoRoute', 'Reset'])

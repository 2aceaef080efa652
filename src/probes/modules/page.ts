import { judgeRefusal } from '../refusal.ts'
import { halted, judged, type Module } from './module.ts'

/** GET of a page without a token. Turned round: nothing that answers like the page may be reached. */
export const page: Module<'page'> = async ({ url, within, statuses }, tools, signal, expect) => {
  const came = await tools.exchange({ url, method: 'GET', within }, 'gateway', signal)
  const { host, pathname } = new URL(url)
  if (came.is === 'unanswered') {
    if (
      expect === 'works' ||
      !['NameNotFound', 'Refused', 'TimedOut', 'NoRoute', 'Reset'].includes(came.reason)
    )
      return expect === 'works'
        ? halted(came, came)
        : judged({ result: 'inconclusive', reason: came.reason, why: came.why, stoppedIn: came.layer }, came)
    return judged(
      { result: 'pass', reason: 'Unreachable', why: `${host} is out of reach: ${came.why}` },
      came,
    )
  }
  const isUp = statuses.includes(came.status)
  if (expect === 'works') {
    if (isUp)
      return judged(
        { result: 'pass', reason: 'Works', why: `${host}${pathname} answers ${came.status}` },
        came,
      )
    const refusal = judgeRefusal({ ...came, host, layer: 'gateway', signed: false })
    return judged({ ...refusal, result: 'fail' }, came)
  }
  return judged(
    isUp
      ? {
          result: 'fail',
          reason: 'Reached',
          why: `${host}${pathname} answers ${came.status}, and must not be reached`,
          stoppedIn: 'gateway',
        }
      : {
          result: 'inconclusive',
          reason: 'OtherLayer',
          why: `${host} is reached and answers ${came.status}`,
          stoppedIn: 'gateway',
        },
    came,
  )
}

import type { Judgement, Reason } from '../reason.ts'
import { judgeRefusal } from '../refusal.ts'
import { halted, judged, type Module } from './module.ts'
import { signed } from './signed.ts'

/**
 * A call that must be turned away, by one of these statuses and by the layer that is to be proven: a caller with a token by its lack of a role (or
 * by the gateway, which admits nobody but whom it knows), a caller without by not being known or not coming by the private way. Any other refusal proves nothing: a form that was refused, a limit, a
 * dead server, a name that is gone might all hide an open door.
 */
export const denied: Module<'denied'> = async (target, tools, signal) => {
  const { url, method, within, body, headers, as, audience, statuses } = target
  const asking = { url, method, within, ...(body ? { body } : {}), ...(headers ? { headers } : {}) }
  const isSigned = as !== undefined && audience !== undefined
  const came = isSigned
    ? await signed(asking, { as, audience }, 'role', tools, signal)
    : await tools.exchange(asking, 'role', signal)
  if (came.is === 'unanswered') return { ...halted(came, came), result: 'inconclusive' }
  const { host } = new URL(url)
  if (came.status >= 200 && came.status <= 299)
    return judged(
      {
        result: 'fail',
        reason: 'Reached',
        why: `${host} answered ${came.status} to ${isSigned ? `the identity “${as}”` : 'a caller without a token'}, who must be turned away`,
        stoppedIn: 'role',
      },
      came,
    )
  const refusal = judgeRefusal({ ...came, host, layer: 'role', signed: isSigned })
  return judged(turned(refusal, came.status, statuses, isSigned), came)
}

const refusals: Reason[] = ['Unauthorized', 'Forbidden', 'ArrivedPublicly', 'KeysDisabled', 'MissingRole']

function turned(refusal: Judgement, status: number, statuses: number[], isSigned: boolean): Judgement {
  const { reason, stoppedIn, why } = refusal
  const isRefusal = refusals.includes(reason)
  // With a good token: by the role, or by the gateway, which looks at who it is. Without: by anybody.
  const isLayer = !isSigned || reason === 'MissingRole' || reason === 'Forbidden' || stoppedIn === 'gateway'
  if (statuses.includes(status) && isRefusal && isLayer)
    return { result: 'pass', reason: 'TurnedAway', why: `turned away: ${why}` }
  // Where the network must refuse, being asked for a token is being let in.
  if (!isSigned && reason === 'Unauthorized' && !statuses.includes(401))
    return { result: 'fail', reason: 'Reached', why: `the network let the call in: ${why}`, stoppedIn: 'tcp' }
  return {
    ...refusal,
    result: 'inconclusive',
    reason: isRefusal ? 'OtherLayer' : reason,
    why: `no proof: ${why}`,
  }
}

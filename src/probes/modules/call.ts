import { parsedObject } from '../error-body.ts'
import type { Exchanged } from '../exchange.ts'
import type { Layer, Targets } from '../probe.ts'
import type { Judgement } from '../reason.ts'
import { judgeRefusal } from '../refusal.ts'
import { halted, judged, type Module } from './module.ts'
import { signed } from './signed.ts'

/** A call of a data service or a project that must work: role and path are proven by a 2xx, and by what it lists. */
export const call: Module<'call'> = async (target, tools, signal) => {
  const { url, method, within, body, headers } = target
  const came = await signed(
    { url, method, within, ...(body ? { body } : {}), ...(headers ? { headers } : {}) },
    target,
    'role',
    tools,
    signal,
  )
  if (came.is === 'unanswered') return halted(came, came)
  return judged(judgeCall(target, came, 'role'), came)
}

type Answered = Extract<Exchanged, { is: 'answered' }>

export function judgeCall(
  { url, lists, role, statuses }: Pick<Targets['call'], 'url' | 'lists' | 'role' | 'statuses'>,
  came: Answered,
  layer: Layer,
): Judgement {
  const { host, pathname } = new URL(url)
  const isProof = statuses?.includes(came.status) || (came.status >= 200 && came.status <= 299)
  if (!isProof) return judgeRefusal({ ...came, host, layer, role, signed: true })
  if (!lists) return { result: 'pass', reason: 'Works', why: `${host}${pathname} answers ${came.status}` }
  const names = namesIn(came.body)
  const lacking = lists.filter((name) => !names?.includes(name))
  if (lacking.length === 0)
    return { result: 'pass', reason: 'Works', why: `${host}${pathname} lists ${lists.join(', ')}` }
  if (!came.whole)
    return {
      result: 'inconclusive',
      reason: 'TooLong',
      why: `the list of ${host}${pathname} is too long to read`,
    }
  return {
    result: 'fail',
    reason: names ? 'NotFound' : 'WrongAnswer',
    why: `${host}${pathname} does not list ${lacking.join(', ')}`,
    stoppedIn: layer,
  }
}

/** Names of what an answer lists; undefined when it is no list. */
function namesIn(body: string): string[] | undefined {
  const parsed = parsedObject(body)
  const items = parsed?.['value'] ?? parsed?.['data']
  if (!Array.isArray(items)) return undefined
  return items.flatMap((item: { name?: unknown; id?: unknown }) =>
    [item?.name, item?.id].filter((name) => typeof name === 'string'),
  )
}

import type { Exchanged } from '../exchange.ts'
import type { ModelCall } from '../probe.ts'
import type { Judged } from '../reason.ts'
import { judgeRefusal } from '../refusal.ts'
import type { Tools } from '../tools.ts'
import { halted, judged } from './module.ts'
import { signed } from './signed.ts'

type Answered = Extract<Exchanged, { is: 'answered' }>

/** What a surface sends, and what makes its answer one: in words what came, or undefined when it is something else. */
export interface Surface {
  body: object
  said(came: Answered): string | undefined
  /** Of a streamed answer. */
  stream?: { isFirstToken(event: string): boolean; isEnded(came: Answered): boolean }
}

const usuallySlowAfterMs = 15_000

/** One model call, judged: refused, something else, broken off, late, or right. */
export async function modelCall(
  target: ModelCall,
  { body, said, stream }: Surface,
  tools: Tools,
  signal: AbortSignal,
): Promise<Judged> {
  const { url, within, role, slowAfterMs = usuallySlowAfterMs } = target
  const isFirstToken = stream?.isFirstToken
  const asking = { url, method: 'POST' as const, within, body, ...(isFirstToken ? { isFirstToken } : {}) }
  const came = await signed(asking, target, 'model', tools, signal)
  if (came.is === 'unanswered') return halted(came, came)
  const { host } = new URL(url)
  if (came.status < 200 || came.status > 299)
    return judged(judgeRefusal({ ...came, host, layer: 'model', role, signed: true }), came)
  const fault = (reason: 'WrongAnswer' | 'StreamBroken' | 'Slow', why: string) =>
    judged({ result: 'fail', reason, why, stoppedIn: 'model' }, came)
  if (stream && !stream.isEnded(came))
    return fault('StreamBroken', `${host}: the stream ended before its end`)
  const answer = said(came)
  if (answer === undefined) return fault('WrongAnswer', `${host} answered ${came.status} with something else`)
  const waited = came.phases
    .filter(({ name }) => name === 'first byte' || name === 'first token')
    .reduce((sum, { ms }) => sum + ms, 0)
  const first = stream ? 'the first token' : 'the answer'
  if (waited > slowAfterMs)
    return fault(
      'Slow',
      `${first} of ${target.model} at ${host} took ${seconds(waited)}, more than ${seconds(slowAfterMs)}`,
    )
  return judged({ result: 'pass', reason: 'Works', why: `${target.model} at ${host}: ${answer}` }, came)
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

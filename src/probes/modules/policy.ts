import type { Exchanged } from '../exchange.ts'
import type { Evidence, PolicyPromise, Targets } from '../probe.ts'
import { judgeRefusal } from '../refusal.ts'
import type { Tools } from '../tools.ts'
import { halted, judged, type Module } from './module.ts'
import { signed } from './signed.ts'

type Answered = Extract<Exchanged, { is: 'answered' }>
type Target = Targets['policy']

/** How a promise is tried, by a GET that costs nothing, and what the answer must be; undefined when it is kept, else what is wrong. */
interface Trial {
  ask(target: Target, tools: Tools, signal: AbortSignal): Promise<Exchanged>
  broken(came: Answered): string | undefined
}

const readOf = ({ url, within }: Pick<Target, 'url' | 'within'>) => ({ url, method: 'GET', within }) as const
/** A path beside it that no operation has. */
const noneOf = ({ url, within }: Target) =>
  readOf({ url: url.replace(/[^/]+$/, 'ops-probe-nothing'), within })

const withToken: Trial['ask'] = (target, tools, signal) =>
  signed(readOf(target), target, 'gateway', tools, signal)

const trials: Record<PolicyPromise, Trial> = {
  'turns away without a token': {
    ask: (target, tools, signal) => tools.exchange(readOf(target), 'gateway', signal),
    broken: ({ status }) =>
      status === 401 ? undefined : `a call without a token was answered ${status}, not 401`,
  },
  'says the region': {
    ask: withToken,
    broken: ({ headers }) =>
      headers['x-backend-region'] ? undefined : 'the answer does not say its region (x-backend-region)',
  },
  'counts the retries': {
    ask: withToken,
    broken: ({ headers }) =>
      /^\d+$/.test(String(headers['x-backend-retry']))
        ? undefined
        : 'the answer does not count its retries (x-backend-retry)',
  },
  'knows its operations': {
    ask: (target, tools, signal) => signed(noneOf(target), target, 'gateway', tools, signal),
    broken: ({ status }) =>
      status === 404 ? undefined : `a path that is no operation was answered ${status}, not 404`,
  },
}

/** Promises the answer of a call has to be there for; a model that is throttled keeps them as well as one that answers. */
const needsAnswer = new Set<PolicyPromise>(['says the region', 'counts the retries'])

export const policy: Module<'policy'> = async (target, tools, signal) => {
  const evidence: Evidence = { phases: [], trace: [] }
  const { host } = new URL(target.url)
  for (const promise of target.promises) {
    const { ask, broken } = trials[promise]
    const came = await ask(target, tools, signal)
    evidence.phases.push(...came.phases)
    evidence.trace.push(...came.trace.map((line) => `${promise}: ${line}`))
    if (came.is === 'unanswered') return halted(came, evidence)
    const wrong = broken(came)
    if (wrong === undefined) continue
    if (needsAnswer.has(promise) && came.status > 299)
      return judged(judgeRefusal({ ...came, host, layer: 'gateway', signed: true }), evidence)
    return judged(
      { result: 'fail', reason: 'PromiseBroken', why: `${promise}: ${wrong}`, stoppedIn: 'gateway' },
      evidence,
    )
  }
  return judged({ result: 'pass', reason: 'Works', why: `kept: ${target.promises.join(', ')}` }, evidence)
}

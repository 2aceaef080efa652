import { heeding, stoppedBy } from '../phases.ts'
import type { ModuleName, Probe, ProbeOf, Verdict } from '../probe.ts'
import type { Judged, Reason } from '../reason.ts'
import { inWords } from '../socket-reason.ts'
import type { Tools } from '../tools.ts'
import { agent } from './agent.ts'
import { arrivals } from './arrivals.ts'
import { call } from './call.ts'
import { chat } from './chat.ts'
import { denied } from './denied.ts'
import { distribution } from './distribution.ts'
import { dns } from './dns.ts'
import { embeddings } from './embeddings.ts'
import { fact } from './fact.ts'
import { judged, type Module, nothingSeen } from './module.ts'
import { page } from './page.ts'
import { policy } from './policy.ts'
import { portal } from './portal.ts'
import { record } from './record.ts'
import { responses } from './responses.ts'
import { tcp } from './tcp.ts'
import { tls } from './tls.ts'
import { token } from './token.ts'

type Modules = { [Name in ModuleName]: Module<Name> }

/** The probe functions, by name. A new one is a file, its target in `probe.ts`, and a line in both tables here. */
export const modules = {
  dns,
  record,
  tcp,
  tls,
  page,
  token,
  chat,
  responses,
  embeddings,
  denied,
  call,
  agent,
  fact,
  distribution,
  arrivals,
  policy,
  portal,
} satisfies Modules

/** How long a question may take. Reads of the control plane have a limit of their own, half a minute, and shall be able to say so. */
export const limitMs: Record<ModuleName, number> = {
  dns: 10_000,
  tcp: 10_000,
  tls: 10_000,
  page: 10_000,
  token: 10_000,
  record: 35_000,
  fact: 35_000,
  distribution: 65_000,
  arrivals: 35_000,
  denied: 60_000,
  call: 60_000,
  chat: 60_000,
  responses: 60_000,
  embeddings: 60_000,
  policy: 60_000,
  portal: 60_000,
  agent: 300_000,
}

/**
 * Asks once. A limit that passes is a failure in the phase it hung in, which the module itself tells. Three things say nothing of the target and are
 * `inconclusive`: a signal that is given, Resource Manager out of time, and a defect of the prober. Never throws.
 */
export async function ask(probe: Probe, tools: Tools, signal: AbortSignal): Promise<Verdict> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(limitMs[probe.module])])
  const unanswered = (reason: Reason, why: string) =>
    judged({ result: 'inconclusive', reason, why }, { ...nothingSeen, trace: [why] })
  try {
    return await asked(probe, heedful(tools, bounded), bounded)
  } catch (error) {
    switch (stoppedBy(bounded)) {
      case 'Cancelled':
        return unanswered('Cancelled', 'the round ended before the answer')
      case 'TimedOut':
        return unanswered('Unreadable', 'Resource Manager gave no answer in time: it hung in arm')
      default:
        return unanswered('ProberBroken', `the prober failed: ${inWords(error)}`)
    }
  }
}

/** Reads of the control plane know no signal of their own. */
const heedful = (tools: Tools, signal: AbortSignal): Tools => ({
  ...tools,
  arm: (path) => heeding(signal, tools.arm(path)),
  observe: (resource) => heeding(signal, tools.observe(resource)),
  members: (pool) => heeding(signal, tools.members(pool)),
})

const asked = <Name extends ModuleName>(
  { module, target, expect }: ProbeOf<Name>,
  tools: Tools,
  signal: AbortSignal,
): Promise<Judged> => (modules as Modules)[module](target, tools, signal, expect)

import { writeFileSync } from 'node:fs'
import { aliasesOf, lookUp } from '../src/probes/addresses.ts'
import { connect } from '../src/probes/connect.ts'
import { exchange } from '../src/probes/exchange.ts'
import { ask } from '../src/probes/modules/index.ts'
import type { Probe, Verdict } from '../src/probes/probe.ts'
import type { Tools } from '../src/probes/tools.ts'
import type { ProbeDetail } from '../src/probing/show.ts'

/**
 * The outside half of probing: asks from this machine what must not be reachable from the internet (docs/decisions/0013). It has no identity and
 * no Azure: only names, connections and calls without a token.
 */
const here: Tools = {
  nowMs: Date.now,
  random: Math.random,
  token: async () => ({ ms: 0, reason: 'IdentityMissing', why: 'out here there is no identity' }),
  lookUp,
  aliasesOf,
  connect,
  exchange,
  arm: async () => ({ failure: { status: 0, code: 'NotHere', message: 'out here there is no Azure' } }),
  observe: async () => undefined,
  members: async () => undefined,
}

/** What `ops probe submit` hands in. */
export interface VerdictFile {
  environment: string
  vantage: 'internet'
  verdicts: { probe: string; at: string; verdict: Verdict }[]
}

/** Asks them one after another. */
export async function askFromHere(environment: string, probes: ProbeDetail[]): Promise<VerdictFile> {
  const verdicts: VerdictFile['verdicts'] = []
  for (const probe of probes) {
    const at = new Date().toISOString()
    const verdict = await ask(questionOf(probe), here, new AbortController().signal)
    verdicts.push({ probe: probe.id, at, verdict })
  }
  return { environment, vantage: 'internet', verdicts }
}

/** A probe as the API tells it is the probe as it was derived; what the tick needs besides is of no use here. */
const questionOf = ({
  id,
  title,
  module,
  target,
  layer,
  expect,
  vantage,
  beat,
  needs,
  proves,
  suspects,
}: ProbeDetail) =>
  ({ id, title, module, target, layer, expect, vantage, beat, needs, proves, suspects, limit: id }) as Probe

export const keep = (file: string, verdicts: VerdictFile) =>
  writeFileSync(file, `${JSON.stringify(verdicts, undefined, 2)}\n`)

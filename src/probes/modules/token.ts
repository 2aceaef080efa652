import type { Evidence } from '../probe.ts'
import { claimsOf } from '../tokens.ts'
import { halted, judged, type Module } from './module.ts'

/** An identity gets a token, and the token is for whom it was asked for. */
export const token: Module<'token'> = async ({ as, audience }, tools, signal) => {
  const got = await tools.token(as, audience, signal)
  const evidence: Evidence = { phases: [{ name: 'token', ms: got.ms }], trace: [`${as}, for ${audience}`] }
  if ('reason' in got) {
    evidence.trace.push(got.why)
    return halted({ ...got, layer: 'token' }, evidence)
  }
  const claims = claimsOf(got.token)
  const until = claims.expiresAtMs === undefined ? undefined : new Date(claims.expiresAtMs).toISOString()
  evidence.trace.push(
    `a token for ${claims.audience ?? '?'} until ${until ?? '?'}, of application ${claims.application ?? '?'}`,
  )
  const troubles = [
    !isFor(audience, claims.audience) && `it is for ${claims.audience}`,
    claims.expiresAtMs !== undefined && claims.expiresAtMs <= tools.nowMs() && `it ended ${until}`,
  ].filter((trouble) => trouble !== false)
  return troubles.length > 0
    ? judged(
        {
          result: 'fail',
          reason: 'TokenForAnother',
          why: `the token of ${as} for ${audience} is of no use: ${troubles.join(', ')}`,
          stoppedIn: 'token',
        },
        evidence,
      )
    : judged({ result: 'pass', reason: 'Works', why: `${as} has a token for ${audience}` }, evidence)
}

/** Tokens name their resource by its address or by its application id; the id of a resource is not known here. */
const isFor = (audience: string, claimed: string | undefined) =>
  claimed === undefined || /^[0-9a-f-]{36}$/i.test(claimed) || bare(claimed) === bare(audience)
const bare = (audience: string) => audience.replace(/\/$/, '').toLowerCase()

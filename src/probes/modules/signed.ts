import type { Asking, Exchanged } from '../exchange.ts'
import type { Identity, Layer } from '../probe.ts'
import type { Tools } from '../tools.ts'

export interface Signature {
  as: Identity
  audience: string
}

/** An exchange with a token, which is a phase of its own; without a token nothing is sent. */
export async function signed(
  asking: Asking,
  { as, audience }: Signature,
  layer: Layer,
  tools: Tools,
  signal: AbortSignal,
): Promise<Exchanged> {
  const got = await tools.token(as, audience, signal)
  const phase = { name: 'token' as const, ms: got.ms }
  if ('reason' in got) {
    const { reason, why } = got
    return {
      is: 'unanswered',
      reason,
      why,
      layer: 'token',
      phases: [phase],
      trace: [`${as} for ${audience}: ${why}`],
    }
  }
  const headers = { ...mannersOf(audience, got.token, tools.nowMs()), ...asking.headers }
  const came = await tools.exchange({ ...asking, headers }, layer, signal)
  return { ...came, phases: [phase, ...came.phases], trace: [`${as}, for ${audience}`, ...came.trace] }
}

/** How a service wants its token. Storage and Cosmos DB take none without a version of their API; Cosmos DB wraps it. */
function mannersOf(audience: string, token: string, nowMs: number): Record<string, string> {
  const bearer = { authorization: `Bearer ${token}` }
  if (/\/\/cosmos\.azure\.|\.documents\.azure\./.test(audience))
    return {
      authorization: encodeURIComponent(`type=aad&ver=1.0&sig=${token}`),
      'x-ms-version': '2018-12-31',
      'x-ms-date': new Date(nowMs).toUTCString(),
    }
  if (/\/\/storage\.azure\.|\.core\.(windows|usgovcloudapi|chinacloudapi)\./.test(audience))
    return { ...bearer, 'x-ms-version': '2021-12-02' }
  return bearer
}

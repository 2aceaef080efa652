import { performance } from 'node:perf_hooks'
import type { TokenCredential } from '@azure/identity'
import { openCredential } from '../azure/clients.ts'
import type { Settings } from '../azure/settings.ts'
import { once } from '../once.ts'
import { heeding, stoppedBy } from './phases.ts'
import type { Identity } from './probe.ts'
import type { Reason } from './reason.ts'
import { inWords } from './socket-reason.ts'

export type Token = { ms: number } & ({ token: string } | { reason: Reason; why: string })

export type Credentials = (as: Identity) => Promise<TokenCredential | undefined>

/** The identities of the installation, each credential opened when first needed; undefined where the settings name none. Open once per process. */
export function openCredentials(settings: Settings): Credentials {
  const canaries = settings.surroundings.probeIdentities
  const opened = (clientId: string | undefined) =>
    once(async () => (clientId ? openCredential({ ...settings, clientId }) : undefined))
  const known: Record<Identity, () => Promise<TokenCredential | undefined>> = {
    app: opened(settings.clientId),
    probe: opened(canaries?.probe.clientId),
    nobody: opened(canaries?.nobody.clientId),
  }
  return (as) => known[as]()
}

/**
 * A token, or why there is none. The identity library answers from its memory while a token holds, as it does for every program: an identity
 * endpoint that has died shows when the next token is due, and not before.
 */
export const openTokens =
  (credentials: Credentials) =>
  async (as: Identity, audience: string, signal: AbortSignal): Promise<Token> => {
    const beganMs = performance.now()
    const taken = () => Math.round((performance.now() - beganMs) * 10) / 10
    const credential = await credentials(as)
    if (!credential)
      return { ms: taken(), reason: 'IdentityMissing', why: `the settings name no identity “${as}”` }
    try {
      const asked = credential.getToken(`${audience.replace(/\/$/, '')}/.default`, { abortSignal: signal })
      const got = await heeding(signal, asked)
      if (got) return { ms: taken(), token: got.token }
      return { ms: taken(), reason: 'NoToken', why: 'the identity endpoint answered without a token' }
    } catch (error) {
      const stopped = stoppedBy(signal)
      if (stopped) return { ms: taken(), reason: stopped, why: 'no answer in time: it hung in token' }
      const said = withoutTokens(inWords(error))
      return { ms: taken(), reason: reasonOf(String((error as Error).message)), why: said }
    }
  }

/** Entra's code of an unknown audience, App Service's words of an identity that is not assigned. */
const reasonOf = (said: string): Reason =>
  /AADSTS500011|invalid_resource/i.test(said)
    ? 'AudienceUnknown'
    : /no (user assigned|managed identity)|identity not found/i.test(said)
      ? 'IdentityMissing'
      : 'NoToken'

/** Whatever an error quotes. */
const withoutTokens = (text: string) => text.replace(/eyJ[\w-]+(\.[\w-]+)*/g, '…')

/** What a token says of itself; it is not checked, since whoever it is for does that. */
export function claimsOf(token: string): { audience?: string; expiresAtMs?: number; application?: string } {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >
    const { aud, exp, appid, azp } = claims
    const application = appid ?? azp
    return {
      ...(typeof aud === 'string' ? { audience: aud } : {}),
      ...(typeof exp === 'number' ? { expiresAtMs: exp * 1000 } : {}),
      ...(typeof application === 'string' ? { application } : {}),
    }
  } catch {
    return {}
  }
}

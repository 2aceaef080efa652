import type { Arm } from '../../../src/azure/arm.ts'
import type { Credentials } from '../../../src/probes/tokens.ts'
import { type Installation, openTools, type Tools } from '../../../src/probes/tools.ts'

/** Tools of the real world whose tokens are made up: for servers of a test, which do not look at them closely. */

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

export const tokenFor = (claims: object): string => `${encoded({ alg: 'none' })}.${encoded(claims)}.signature`

/** Gives out a token for whatever is asked for, good for an hour. */
const generous: Credentials = async (as) => ({
  getToken: async (scopes) => {
    const expiresOnTimestamp = Date.now() + 3_600_000
    const aud = String(scopes).replace('/.default', '')
    return { token: tokenFor({ aud, exp: expiresOnTimestamp / 1000, appid: as }), expiresOnTimestamp }
  },
})

/** Resource Manager is asked nothing by what is tested with this. */
const noArm = new Proxy({} as Arm, {
  get: (_, name) => () => {
    throw new Error(`Resource Manager was asked to ${String(name)}`)
  },
})

export const toolsWith = (parts: Partial<Installation> = {}): Tools =>
  openTools({ arm: noArm, credentials: generous, resources: [], random: () => 0.5, ...parts })

export const never = new AbortController().signal

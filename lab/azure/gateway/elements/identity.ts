import type { Element } from '../../providers/api-management/policy-tree.ts'
import type { Claims } from '../../tokens.ts'
import { identityToken } from '../identity.ts'
import { PolicyError } from '../problems.ts'
import type { Running } from '../running.ts'
import {
  attributesOf,
  type Compile,
  childrenOf,
  contentOf,
  numberOf,
  required,
  textOf,
  truthOf,
} from './element.ts'

/** Who the gateway is to a backend, and who a caller is to the gateway. */

const managedIdentity: Compile = (element) => {
  const given = attributesOf(element, ['resource', 'output-token-variable-name', 'ignore-error'])
  const resource = textOf(required(given.resource, 'a resource'))
  const variable = given['output-token-variable-name']
  const ignores = truthOf(given['ignore-error'] ?? 'false')
  return async (run) => {
    try {
      const token = await identityToken(run.configuration.service, resource(run), run.world)
      if (variable === undefined) run.request.headers['authorization'] = `Bearer ${token}`
      else run.variables.set(variable, token)
    } catch (error) {
      if (!(error instanceof PolicyError && ignores(run))) throw error
    }
  }
}

const VALIDATE = [
  'tenant-id',
  'header-name',
  'failed-validation-httpcode',
  'failed-validation-error-message',
] as const

const validateToken: Compile = (element) => {
  const given = attributesOf(element, VALIDATE)
  const tenant = textOf(required(given['tenant-id'], 'a tenant'))
  const header = (given['header-name'] ?? 'Authorization').toLowerCase()
  const status = numberOf(given['failed-validation-httpcode'] ?? '401', 'a status')
  const lists = childrenOf(element, ['client-application-ids', 'audiences', 'required-claims'])
  const listed = (list: string, item: string) =>
    lists
      .filter(({ name }) => name === list)
      .flatMap((one) => childrenOf(one, [item]).map((child) => textOf(contentOf(child))))
  const applications = listed('client-application-ids', 'application-id')
  const audiences = listed('audiences', 'audience')
  const claimed = lists
    .filter(({ name }) => name === 'required-claims')
    .flatMap((list) => childrenOf(list, ['claim']).map(requiredClaim))
  return async (run) => {
    const refused = (reason: string, message: string) =>
      new PolicyError(reason, message, {
        status: status(run),
        message: given['failed-validation-error-message'] ?? message,
      })
    const token = /^Bearer (.+)$/i.exec(run.request.headers[header] ?? '')?.[1]
    if (!token) throw refused('TokenNotPresent', 'Azure AD JWT not present.')
    const claims = await run.world.tokens.read(token)
    const invalid = refused('TokenInvalid', 'Invalid Azure AD JWT.')
    if (!claims || isOver(claims, run.world.azure.clock.now()) || claims.tid !== tenant(run)) throw invalid
    const aimedAt = [claims.aud ?? []].flat()
    if (audiences.length && !audiences.some((audience) => aimedAt.includes(audience(run)))) throw invalid
    if (applications.length && !applications.some((id) => id(run) === claims.appid)) throw invalid
    if (!claimed.every((holds) => holds(claims, run))) throw invalid
  }
}

/** All of its values must be in the token, or with `match="any"` one of them; without values the claim must be there. Case counts. */
function requiredClaim(element: Element): (claims: Claims, run: Running) => boolean {
  const { name = '', match = 'all' } = attributesOf(element, ['name', 'match'])
  const values = childrenOf(element, ['value']).map((value) => textOf(contentOf(value)))
  return (claims, run) => {
    const there = [claims[name] ?? []].flat().map(String)
    if (values.length === 0) return there.length > 0
    const isThere = (value: (run: Running) => string) => there.includes(value(run))
    return match === 'any' ? values.some(isThere) : values.every(isThere)
  }
}

const isOver = ({ exp }: Claims, now: number) => exp === undefined || exp * 1000 <= now

export const identityElements: Record<string, Compile> = {
  'authentication-managed-identity': managedIdentity,
  'validate-azure-ad-token': validateToken,
}

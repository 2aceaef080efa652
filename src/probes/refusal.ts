import type { IncomingHttpHeaders } from 'node:http'
import { errorIn } from './error-body.ts'
import type { Layer, Verdict } from './probe.ts'
import type { Judgement, Reason } from './reason.ts'

/** An answer that is no success, as far as it has to be read. */
export interface Refused {
  status: number
  headers: IncomingHttpHeaders
  body: string
  host: string
  /** The probe's own layer: where it stopped, unless the answer says otherwise. */
  layer: Layer
  /** What a refusal of the caller means where the answer does not name it: `role at scope`. */
  role?: string | undefined
  /** It went with a token. */
  signed: boolean
}

/**
 * What a refusal says, by the first rule that fits. `says` is looked for in code and message together. Services differ in status for one and the
 * same reason (a missing role is 401 by the reports, 403 by the contract), so most rules go by words, and status decides last.
 */
interface Rule {
  status?: RegExp
  says?: RegExp
  when?: (refused: Refused) => boolean
  reason: Reason
  result: Verdict['result']
  stoppedIn?: Layer
}

const isGateways = ({ body }: Refused) => /^\s*\{\s*"statusCode"\s*:/.test(body)
const isRelayed = ({ headers }: Refused) => headers['x-backend-retry'] !== undefined

const rules: Rule[] = [
  {
    says: /lacks the required data action|does not have required RBAC permissions|AuthorizationPermissionMismatch|ForbiddenByRbac|claim\(s\) are required|does not have permission to perform/i,
    reason: 'MissingRole',
    result: 'fail',
    stoppedIn: 'role',
  },
  {
    status: /^403$/,
    says: /public (network )?access is disabled|through public internet|ForbiddenByConnection|prevented to connect|Virtual Network\/Firewall|AuthorizationFailure|not in the ip firewall/i,
    reason: 'ArrivedPublicly',
    result: 'fail',
    stoppedIn: 'dns',
  },
  {
    status: /^403$/,
    says: /AuthenticationTypeDisabled/i,
    reason: 'KeysDisabled',
    result: 'fail',
    stoppedIn: 'role',
  },
  { status: /^403$/, says: /quota/i, reason: 'Throttled', result: 'fail', stoppedIn: 'gateway' },
  // Storage's word for a caller without a token, whom the network has let in.
  { says: /PublicAccessNotPermitted/, reason: 'Unauthorized', result: 'fail' },
  { status: /^401$/, when: isGateways, reason: 'Unauthorized', result: 'fail', stoppedIn: 'gateway' },
  {
    status: /^401$/,
    when: ({ signed }) => signed,
    reason: 'Unauthorized',
    result: 'fail',
    stoppedIn: 'token',
  },
  { status: /^401$/, reason: 'Unauthorized', result: 'fail' },
  {
    status: /^403$/,
    when: ({ signed, role }) => signed && role !== undefined,
    reason: 'MissingRole',
    result: 'fail',
    stoppedIn: 'role',
  },
  { status: /^403$/, reason: 'Forbidden', result: 'fail', stoppedIn: 'role' },
  {
    status: /^404$/,
    says: /DeploymentNotFound|deployment .*does not exist/i,
    reason: 'DeploymentNotFound',
    result: 'fail',
    stoppedIn: 'model',
  },
  { status: /^404$/, when: isGateways, reason: 'OperationNotFound', result: 'fail', stoppedIn: 'gateway' },
  { status: /^404$/, reason: 'NotFound', result: 'fail' },
  { status: /^(400|409|424)$/, says: /NotReady/, reason: 'NotReady', result: 'fail' },
  { status: /^429$/, when: isWithoutQuota, reason: 'Throttled', result: 'fail', stoppedIn: 'model' },
  // A model that is busy is alive, and whoever is told so had a role.
  { status: /^429$/, reason: 'Throttled', result: 'inconclusive', stoppedIn: 'model' },
  { status: /^503$/, says: /no_capacity/, reason: 'NoCapacity', result: 'fail', stoppedIn: 'model' },
  { status: /^501$/, reason: 'NotImplemented', result: 'inconclusive' },
  {
    status: /^5/,
    when: (refused) => isGateways(refused),
    reason: 'ServerError',
    result: 'fail',
    stoppedIn: 'gateway',
  },
  { status: /^5/, when: isRelayed, reason: 'ServerError', result: 'fail', stoppedIn: 'model' },
  { status: /^5/, reason: 'ServerError', result: 'fail' },
  { status: /^(408|499)$/, reason: 'TimedOut', result: 'fail' },
  { status: /^3/, reason: 'RedirectedElsewhere', result: 'fail' },
  { status: /^4/, reason: 'BadRequest', result: 'inconclusive' },
  { reason: 'WrongAnswer', result: 'fail' },
]

/** What a refusal comes to for a call that had to work. */
export function judgeRefusal(refused: Refused): Judgement {
  const { code, message } = errorIn(refused.body)
  const said = `${code} ${message}`
  const rule = rules.find(
    ({ status, says, when }) =>
      (status?.test(String(refused.status)) ?? true) &&
      (says?.test(said === ' ' ? refused.body : said) ?? true) &&
      (when?.(refused) ?? true),
  )
  const { reason = 'WrongAnswer', result = 'fail', stoppedIn = refused.layer } = rule ?? {}
  const why =
    reason === 'MissingRole'
      ? missingRole(refused, message)
      : `${refused.host} answered ${refused.status}${code ? ` ${code}` : ''}${message ? `: ${shortened(message)}` : ''}${elsewhere(refused)}`
  return { result, reason, why, stoppedIn }
}

/** Nothing left for an hour or more, or nothing there at all (azure-facts 11, kinds of 429). */
function isWithoutQuota({ headers }: Refused): boolean {
  return Number(headers['retry-after']) >= 3600 || Number(headers['x-ratelimit-limit-tokens'] ?? 1) === 0
}

/** Which role has a data action, as far as this service gives roles (docs/roles.md). */
const roleOf: [RegExp, string][] = [
  [/accounts\/OpenAI\//i, 'Cognitive Services OpenAI User'],
  [/accounts\/AIServices\//i, 'Foundry User'],
]

function missingRole({ role, host, status }: Refused, message: string): string {
  const action = /data action `?([\w./-]+)`?/i.exec(message)?.[1]
  const principal = /principal `?([0-9a-f-]{36})`?/i.exec(message)?.[1]
  const byAction = action && roleOf.find(([pattern]) => pattern.test(action))?.[1]
  const named = role ?? `${byAction ?? 'that has the right'} at ${host}`
  const details = [
    action && `data action ${action}`,
    principal && `principal ${principal}`,
    `${host} answered ${status}`,
  ]
  return `role ${named} is missing (${details.filter(Boolean).join(', ')})`
}

const elsewhere = ({ status, headers }: Refused) =>
  status >= 300 && status < 400 && headers.location ? `, to ${originOf(headers.location)}` : ''
const originOf = (location: string) => (URL.canParse(location) ? new URL(location).origin : 'another path')

/** Long enough for what services say of themselves, too short for what a caller wrote. */
const shortened = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text)

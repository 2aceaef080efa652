import type { Change } from '../../reconcile/difference.ts'
import { isObject, type Json } from '../../resources/kind.ts'
import { roles } from '../../resources/role-assignment.ts'
import type { Reason } from '../reason.ts'
import type { Culprit } from './blame.ts'
import type { Failing } from './cause.ts'

/** The sentences of a cause. */

/** What people call a resource, by kind; others by their key. */
const nouns: Record<string, (name: string) => string> = {
  'dns-link': (name) => `the link of zone ${name} to the network`,
  'dns-zone': (name) => `the private DNS zone ${name}`,
  'dns-record': (name) => `the address record of ${name}`,
  'dns-zone-group': (name) => `the zone group of ${name}, which keeps its records,`,
  'private-endpoint': (name) => `the private endpoint ${name}`,
  'security-group': (name) => `the security group ${name}`,
  subnet: (name) => `the subnet ${name}`,
  'api-management': (name) => `the gateway's service ${name}`,
  'api-policy': (name) => `the policy of the API ${name}`,
  'model-deployment': (name) => `the model deployment ${name}`,
  backend: (name) => `the gateway's backend ${name}`,
  pool: (name) => `the pool ${name}`,
  account: (name) => `the account ${name}`,
}

/** Principals and scopes may have slashes of their own; the role between them is one of those that are given. */
const roleKey = new RegExp(`^role-assignment/(.+)/(${Object.keys(roles).join('|')})/(.+)$`)

function nounOf({ key, kind }: { key: string; kind: string }): string {
  const [, principal, role, scope] = roleKey.exec(key) ?? []
  if (principal) return `role ${role} at ${scope} for ${principal}`
  return nouns[kind]?.(key.slice(kind.length + 1)) ?? key
}

/** What is wrong with a resource. */
export function whatIsWrong({ resource, observation, stranger }: Culprit): string {
  if (stranger !== undefined) return stranger
  const noun = nounOf(resource)
  switch (observation.state) {
    case 'missing':
      return `${noun} is missing`
    case 'failed':
      return `${noun} has come to a stop: Azure shows it as ${observation.provisioning}`
    case 'drifted':
      return `${noun} was changed: ${observation.changes.map(changed).join('; ')}`
    default:
      return `${noun} is to blame`
  }
}

/** Values are shown where they are a word or a number, and what is pointed at by its name; texts may be long, and anybody's. */
function changed({ path, before, after }: Change): string {
  const [is, was] = [shown(before), shown(after)]
  return is === undefined || was === undefined ? path : `${path} is ${is}, not ${was}`
}

const shown = (value: Json): string | undefined =>
  value === null
    ? 'absent'
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : typeof value === 'string'
        ? value.startsWith('/subscriptions/')
          ? value.split('/').at(-1)
          : value.length <= 60
            ? value
            : undefined
        : isObject(value) && typeof value['id'] === 'string'
          ? shown(value['id'])
          : undefined

/** What it breaks, by what people were told is proven: the first failure in words, the others as a number. */
export function whatItBreaks(roots: Failing[], mutedCount: number): string {
  const felt = roots.filter(({ probe }) => probe.module !== 'fact')
  const [first] = felt
  if (!first)
    return roots.some(({ probe }) => probe.expect === 'fails')
      ? 'what must be shut may be open'
      : 'nothing has been seen to fail by it yet'
  const more = felt.length - 1 + mutedCount
  const others = more > 0 ? `, and ${more} more ${more === 1 ? 'check' : 'checks'}` : ''
  return `not proven any more: ${first.probe.title}${others}`
}

export const remedyFor = ({ resource, observation, stranger }: Culprit): string =>
  stranger !== undefined
    ? 'remove it or move it behind the environment’s own; it is somebody else’s, so a repair leaves it'
    : resource.existing
      ? 'it is somebody else’s: ask its owner'
      : observation.state === 'failed'
        ? 'look at the resource’s own error in Azure, then repair the environment'
        : 'repair the environment, or take the change over into the document'

/** Where no resource looks wrong, by reason; what is not here speaks for itself in the probe's own words. */
export const remedies: Partial<Record<Reason, string>> = {
  ResolverFailed: 'look at the DNS servers of the network: they must forward to 168.63.129.16',
  NameNotFound: 'look at the zone that answers for it, and at the DNS servers of the network',
  PublicAddress: 'have the resolver ask the private zones: custom DNS servers must forward to 168.63.129.16',
  WrongAddress: 'correct the record; of two endpoints of one service the later overwrites the earlier one’s',
  ResolverDisagrees:
    'a resolver keeps an old answer for its time to live; if it lasts, look at the DNS servers',
  RecordMissing: 'repair the environment: the endpoint’s zone group writes the record again',
  TimedOut: 'look at security groups, routes and firewalls on the way; what answers nothing is often dropped',
  CertificateExpired: 'have the certificate renewed',
  CertificateExpiresSoon: 'have the certificate renewed before it expires',
  CertificateNameMismatch:
    'somebody else answers at this address: look at the record and at the custom host names',
  CertificateUntrusted: 'look for a proxy that breaks TLS open on the way',
  NoToken: 'look at the app’s identities and at the identity endpoint',
  IdentityMissing: 'assign the identity to the app (infra/)',
  AudienceUnknown: 'the tenant does not know this audience: is the service registered in it?',
  MissingRole: 'give the role back; a new one takes up to ten minutes to be felt',
  DeploymentNotFound: 'repair the environment, or correct the deployment’s name',
  Throttled: 'raise the quota or the capacity, or move load to another member',
  NoCapacity: 'see which members are out, and why',
  Slow: 'look at the load of the deployment and at the health of its region',
  ServerError: 'look at the health of the service in its region',
  NoEvents: 'look at the gateway’s logger and its right to send',
  SharesOff: 'see which member’s breaker is open, and whether its weight is the one in force',
  PromiseBroken: 'compare the policy with the deployed one; a policy above it may change its answers',
  Reached: 'find out who gave the way in, and close it',
  LeftBehind: 'the next run sweeps what was left; look at the project’s agents if it lasts',
}

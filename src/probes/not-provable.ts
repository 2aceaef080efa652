import { stickyName } from '../environment/pool-rules.ts'
import { backendId } from '../gateway/backends.ts'
import type { Resource } from '../resources/kind.ts'
import { roles } from '../resources/role-assignment.ts'
import { agentScopes } from './derive/agents.ts'
import { membersOf, places, projects, responds, speaks } from './derive/deployments.ts'
import { type Ground, sameName } from './derive/ground.ts'

/** Why a resource cannot be proven from here; undefined: it can be. Kinds that the table does not name always can. */
export const whyNotProvable = (on: Ground, { key, kind }: Resource): string | undefined =>
  reasons[kind]?.(on, key)

type WhyNot = (on: Ground, key: string) => string | undefined

const noCanary =
  'this installation has no canary identities (settings OPS_PROBE_PRINCIPAL_ID and the like): nobody can call it'
const byKey =
  'it serves callers with a key, and keys are read by nobody; the same policy is proven on the path for the probe'
const inWorkspace = 'logs go to the workspace, which this service does not read for proof'

const always =
  (why: string): WhyNot =>
  () =>
    why

const unlessCanaries: WhyNot = ({ hasCanaries }) => (hasCanaries ? undefined : noCanary)
const unlessProbePath: WhyNot = ({ hasProbePath }) =>
  hasProbePath
    ? undefined
    : 'the gateway has no path for a probe without canary identities and the tenant’s id'

const unlessEndpoints: WhyNot = (on) =>
  on.ofKind('private-endpoint').length > 0 ? undefined : 'nothing is in the endpoints’ subnet'

const unlessAgents: WhyNot = (on) =>
  agentScopes(on).length > 0
    ? undefined
    : on.hasCanaries
      ? 'no project of the document runs agents, so nothing of ours stands there'
      : noCanary

const unlessProject: WhyNot = (on, key) => {
  const [, account = ''] = key.split('/')
  if (!on.hasCanaries) return noCanary
  return projects(on).some((project) => project.account.name === account)
    ? undefined
    : 'the documents of this cloud name no host for projects (azure-facts 14.1)'
}

const unlessSpeaks: WhyNot = (on, key) => {
  if (!on.hasCanaries) return noCanary
  const place = places(on).find((it) => it.key === key)
  const speech = place && speaks(place.deployment)
  if (speech === 'only batches') return 'it takes batches only, which are answered within a day'
  return speech === 'nothing a probe asks' ? 'models of this kind have no probe' : undefined
}

/** Pools that a call goes to, and their members. */
const called = (on: Ground) =>
  on.document.gateway.pools.flatMap((pool) => {
    const members = membersOf(on, pool)
    const [first] = members
    return first && ['chat', 'embeddings'].includes(speaks(first.deployment))
      ? [{ pool, members, first }]
      : []
  })

const unlessPool: WhyNot = (on, key) => {
  const name = key.slice('pool/'.length)
  const isCalled = called(on).some(
    ({ pool, first }) => name === pool.name || (responds(first.deployment) && name === stickyName(pool.name)),
  )
  return unlessProbePath(on, key) ?? (isCalled ? undefined : 'models of this kind have no probe')
}

const unlessMember: WhyNot = (on, key) => {
  const isMember = called(on).some(({ members }) =>
    members.some(({ account, deployment }) => key === `backend/${backendId(account.name, deployment.name)}`),
  )
  return unlessProbePath(on, key) ?? (isMember ? undefined : 'no pool that is called has it')
}

const ofRole = new RegExp(`^role-assignment/(.+)/(${Object.keys(roles).join('|')})/(.+)$`)

const unlessRole: WhyNot = (on, key) => {
  const [, principal = '', role = '', scope = ''] = ofRole.exec(key) ?? []
  const { document } = on
  if (document.access.some((access) => access.principal === principal))
    return 'assigned to somebody this service cannot be; the canary proves the same role'
  if (principal === 'probe')
    return role === 'foundry-user' ? unlessProject(on, `project/${scope}`) : undefined
  if (sameName(principal, document.gateway.apim.name)) {
    const calls = called(on).some(({ members }) => members.some(({ account }) => account.name === scope))
    return (
      unlessProbePath(on, key) ??
      (role === 'openai-user' && !calls ? 'the gateway calls no model of this account' : undefined)
    )
  }
  if (role === 'blob-data-owner')
    return 'agents’ files are written by the agent service: no call of ours shows it'
  if (role === 'openai-user' && principal.split('/')[0] !== scope)
    return 'used only by an agent that names a model of that account'
  return agentScopes(on).includes(principal) ? undefined : (unlessCanaries(on, key) ?? unlessAgents(on, key))
}

const reasons: Record<string, WhyNot> = {
  'public-ip': always('Azure’s own management of the gateway comes by it, and nobody else'),
  subnet: (on, key) =>
    key === 'subnet/snet-agents'
      ? unlessAgents(on, key)
      : key === 'subnet/snet-private-endpoints'
        ? unlessEndpoints(on, key)
        : undefined,
  'security-group': (on, key) =>
    key === 'security-group/nsg-private-endpoints' ? unlessEndpoints(on, key) : undefined,
  'model-deployment': unlessSpeaks,
  project: unlessProject,
  connection: unlessProject,
  'account-capability-host': unlessAgents,
  'project-capability-host': unlessAgents,
  'role-assignment': unlessRole,
  'cosmos-role-assignment': always(
    'agents’ threads are written by the agent service: no call of ours shows it',
  ),
  backend: unlessMember,
  pool: unlessPool,
  api: (on, key) => (key === 'api/models' ? undefined : unlessCanaries(on, key)),
  'api-policy': (on, key) => (key === 'api-policy/models' ? byKey : unlessCanaries(on, key)),
  'api-operation': (on, key) => (key.startsWith('api-operation/models/') ? byKey : unlessCanaries(on, key)),
  product: always(byKey),
  'product-api': always(byKey),
  subscription: always(byKey),
  'named-value': always('a name plate: nothing is done with it'),
  logger: (on, key) => (key === 'logger/azuremonitor' ? inWorkspace : unlessProbePath(on, key)),
  'gateway-diagnostic': always(inWorkspace),
  'diagnostic-setting': always(inWorkspace),
  'metric-alert': always('it fires only when a model turns calls away'),
}

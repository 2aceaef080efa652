import type { Probe } from '../probe.ts'
import { modelFront, projects } from './deployments.ts'
import type { Front } from './fronts.ts'
import { audiences, type Ground } from './ground.ts'
import { tokenId } from './tokens.ts'

/**
 * Each role of a caller (docs/roles.md) at each of its scopes: the canary that has it is let in, the canary without is turned away by the very
 * same call. So the pair differs in nothing but the role. No call here costs a token.
 */
export const roles = (on: Ground): Probe[] =>
  on.hasCanaries ? asked(on).flatMap((ask) => [allowed(ask), denied(ask)]) : []

interface Ask {
  role: string
  /** As keys of role assignments name it. */
  scope: string
  assignment: string[]
  front: Front
  url: string
  audience: string
  headers?: Record<string, string>
  statuses?: number[]
  lists?: string[]
  /** What else is proven by what comes back. */
  proves: string[]
  /** What a call of these passes besides the role. */
  suspects: string[]
}

/** As Azure calls the roles of a caller (azure-facts 8.1). */
const roleNames: Record<string, string> = {
  'openai-user': 'Cognitive Services OpenAI User',
  'foundry-user': 'Foundry User',
  'blob-data-contributor': 'Storage Blob Data Contributor',
  'search-index-data-contributor': 'Search Index Data Contributor',
}

/** What a refusal means: `Foundry User at contoso-eus/main`. */
export const roleAt = (role: string, scope: string): string => `${roleNames[role] ?? role} at ${scope}`

export const roleId = (role: string, scope: string): string => `role/${role}/${scope}`

const asked = (on: Ground): Ask[] => [...models(on), ...projectUsers(on), ...data(on)]

const assignment = (on: Ground, role: string, scope: string) =>
  on.keys(`role-assignment/probe/${role}/${scope}`)

const models = (on: Ground): Ask[] =>
  on.document.foundry.accounts.flatMap((account) => {
    const front = modelFront(on, account)
    if (!front) return []
    return [
      {
        role: 'openai-user',
        scope: account.name,
        assignment: assignment(on, 'openai-user', account.name),
        front,
        url: `https://${front.host}/openai/v1/models`,
        audience: audiences.models,
        proves: [front.owner.key],
        suspects: [front.owner.key],
      },
    ]
  })

const projectUsers = (on: Ground): Ask[] =>
  projects(on).map(({ account, name, key, front, url, audience }) => {
    const scope = `${account.name}/${name}`
    const connections = on.ofKind('connection').filter((it) => it.startsWith(`connection/${scope}/`))
    return {
      role: 'foundry-user',
      scope,
      assignment: assignment(on, 'foundry-user', scope),
      front,
      url: `${url}/connections?api-version=v1`,
      audience,
      lists: connections.map((it) => it.split('/').at(-1) ?? ''),
      proves: [key, ...connections],
      suspects: [key, ...connections, front.owner.key],
    }
  })

/** Reads that change nothing. Search has no index of ours: being told so takes the role too. */
const reads: Record<string, Pick<Ask, 'role' | 'audience' | 'headers' | 'statuses'> & { path: string }> = {
  storage: {
    role: 'blob-data-contributor',
    audience: audiences.storage,
    path: '/?comp=list&maxresults=1',
    // Entra's tokens are refused at older versions.
    headers: { 'x-ms-version': '2021-12-02' },
  },
  search: {
    role: 'search-index-data-contributor',
    audience: audiences.search,
    path: '/indexes/ops-probe/docs/$count?api-version=2024-07-01',
    statuses: [404],
  },
}

const data = (on: Ground): Ask[] =>
  on.fronts.flatMap((front) => {
    const { owner, host } = front
    const read = reads[owner.kind]
    if (!read) return []
    const { path, ...rest } = read
    const scope = owner.key.slice(owner.kind.length + 1)
    return [
      {
        ...rest,
        scope,
        assignment: assignment(on, read.role, scope),
        front,
        url: `https://${host}${path}`,
        proves: [owner.key],
        suspects: [owner.key],
      },
    ]
  })

const common = { layer: 'role', vantage: 'inside', beat: 'models' } as const

const journeyOf = ({ audience }: Ask) =>
  audience === audiences.models
    ? ('models directly' as const)
    : audience === audiences.projects
      ? ('agents' as const)
      : ('data' as const)

const allowed = (ask: Ask): Probe => ({
  ...common,
  id: roleId(ask.role, ask.scope),
  title: `${ask.role} lets a caller in at ${ask.scope}`,
  module: 'call',
  target: {
    url: ask.url,
    method: 'GET',
    within: ask.front.within,
    as: 'probe',
    audience: ask.audience,
    ...(ask.headers ? { headers: ask.headers } : {}),
    ...(ask.statuses ? { statuses: ask.statuses } : {}),
    ...(ask.lists?.length ? { lists: ask.lists } : {}),
    role: roleAt(ask.role, ask.scope),
  },
  expect: 'works',
  needs: [`tls/${ask.front.host}:443`, tokenId('probe', ask.audience)],
  proves: [...ask.assignment, ...ask.proves],
  suspects: [...ask.assignment, ...ask.suspects],
  journey: journeyOf(ask),
  limit: ask.front.host,
})

const denied = (ask: Ask): Probe => ({
  ...common,
  id: `${roleId(ask.role, ask.scope)}/denied`,
  title: `without ${ask.role} nobody is let in at ${ask.scope}`,
  module: 'denied',
  target: {
    url: ask.url,
    method: 'GET',
    within: ask.front.within,
    as: 'nobody',
    audience: ask.audience,
    ...(ask.headers ? { headers: ask.headers } : {}),
    // Both are in public reports for a missing role.
    statuses: [401, 403],
  },
  expect: 'fails',
  needs: [`tls/${ask.front.host}:443`, tokenId('nobody', ask.audience)],
  proves: ask.assignment,
  // Whoever gave the canary a role is none of the environment's resources.
  suspects: [ask.front.owner.key],
  journey: 'isolation',
  limit: ask.front.host,
})

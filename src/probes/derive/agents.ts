import type { Probe } from '../probe.ts'
import { places, projects, question, responds } from './deployments.ts'
import { poolId } from './door.ts'
import { audiences, type Ground } from './ground.ts'
import { costOf, projectResponsesId } from './models.ts'
import { tokenId } from './tokens.ts'

/** An agent's whole life in each project that runs agents, once with a model of its own account and once through the gateway; and the playground. */
export const agents = (on: Ground): Probe[] =>
  on.hasCanaries ? projects(on).flatMap((it) => ofProject(on, it)) : []

type Project = ReturnType<typeof projects>[number]

const common = {
  expect: 'works',
  vantage: 'inside',
  beat: 'agents',
  layer: 'agent',
  journey: 'agents',
} as const

/** Instructions, question, and what comes around them. */
const agentPromptTokens = 60

/** `{account}/{project}` of every project that an agent is run in. */
export const agentScopes = (on: Ground): string[] =>
  on.hasCanaries
    ? projects(on)
        .filter(({ account }) => modelOf(on, account.name))
        .map(({ account, name }) => `${account.name}/${name}`)
        .filter((scope) => on.keys(`project-capability-host/${scope}`).length > 0)
    : []

const modelOf = (on: Ground, account: string) =>
  places(on).find((it) => it.account.name === account && responds(it.deployment))

function ofProject(on: Ground, project: Project): Probe[] {
  const { account, name, key, front, url, audience } = project
  const place = modelOf(on, account.name)
  if (!place) return []
  const scope = `${account.name}/${name}`
  const ready = projectResponsesId(account.name, name)
  const ofAgents = on.keys(
    'subnet/snet-agents',
    `account-capability-host/${account.name}`,
    `project-capability-host/${scope}`,
  )
  const rights = identityRights(on, scope)
  const run = { ...common, module: 'agent' as const, limit: front.host }
  const target = { endpoint: url, within: front.within, as: 'probe' as const, audience }
  const own: Probe = {
    ...run,
    id: `agent/${scope}`,
    title: `an agent of ${scope} is made, runs and goes`,
    target: { ...target, model: place.deployment.name },
    needs: [ready],
    proves: [key, ...ofAgents, ...rights.seenByRuns],
    suspects: [
      ...ofAgents.toReversed(),
      ...rights.all,
      ...on.ofKind('connection').filter((it) => it.startsWith(`connection/${scope}/`)),
      key,
      place.key,
      ...on.keys('security-group/nsg-private-endpoints', 'subnet/snet-private-endpoints'),
      ...on.ofKind('cosmos'),
      ...on.ofKind('search'),
      ...on.ofKind('storage'),
      front.owner.key,
    ],
    cost: costOf(place.deployment.model, question.shortestResponse, agentPromptTokens),
  }
  return agentScopes(on).includes(scope)
    ? [own, ...throughGateway(on, project, own, target), playground(on, project, place.deployment)]
    : [playground(on, project, place.deployment)]
}

/** The rights of the project's own identity, from the expansion; a run is seen to need some of them only. */
function identityRights(on: Ground, scope: string) {
  const all = [...on.ofKind('role-assignment'), ...on.ofKind('cosmos-role-assignment')].filter((key) =>
    key.startsWith(`${key.split('/')[0]}/${scope}/`),
  )
  const [account = ''] = scope.split('/')
  return {
    all,
    seenByRuns: all.filter((key) => beforeTheHost.test(key) || key.endsWith(`/openai-user/${account}`)),
  }
}

/** What its capability host was made with (azure-facts 7.2, step 9): without, there would be no run. */
const beforeTheHost =
  /\/(blob-data-contributor|cosmos-operator|search-index-data-contributor|search-service-contributor)\//

function throughGateway(
  on: Ground,
  { account, name, front }: Project,
  own: Extract<Probe, { module: 'agent' }>,
  target: Omit<Extract<Probe, { module: 'agent' }>['target'], 'model'>,
): Probe[] {
  const scope = `${account.name}/${name}`
  const [connection] = on.keys(`connection/${scope}/gateway`)
  const [pool] = on.document.gateway.pools
  if (!connection || !pool || !on.hasProbePath) return []
  const model = on.document.foundry.accounts
    .flatMap(({ deployments }) => deployments)
    .find((deployment) => deployment.name.toLowerCase() === pool.deployment.toLowerCase())
  if (!model || !responds(model)) return []
  const api = on.keys('api/agents', 'api-policy/agents', 'api-operation/agents/chat-completions-dated')
  return [
    {
      ...common,
      id: `agent/${scope}/gateway`,
      title: `an agent of ${scope} reaches its model through the gateway`,
      module: 'agent',
      target: { ...target, model: `gateway/${pool.deployment}` },
      needs: [own.id, poolId(pool.name)],
      proves: [connection, ...api],
      suspects: [
        connection,
        ...api.toReversed(),
        ...on.keys('subnet/snet-agents', 'security-group/nsg-apim', `pool/${pool.name}`),
      ],
      limit: front.host,
      cost: costOf(model.model, question.shortestResponse, agentPromptTokens),
    },
  ]
}

/** What the Foundry portal's browser asks when a playground is opened, in its order; all of it from inside. */
function playground(
  on: Ground,
  { account, name, key, front, url, audience }: Project,
  model: { name: string; model: string },
): Probe {
  const scope = `${account.name}/${name}`
  return {
    ...common,
    id: `portal/${scope}`,
    title: `the playground of ${scope} would work in a browser inside`,
    module: 'portal',
    target: {
      calls: [
        { url: `${url}/connections?api-version=v1`, method: 'GET', audience },
        { url: `${url}/deployments?api-version=v1`, method: 'GET', audience },
        { url: `${url}/agents?api-version=v1`, method: 'GET', audience },
        { url: `https://${front.host}/openai/v1/models`, method: 'GET', audience: audiences.models },
        {
          url: `${url}/openai/v1/responses`,
          method: 'POST',
          audience,
          body: {
            model: model.name,
            input: 'Say hello.',
            max_output_tokens: question.shortestResponse,
            store: false,
          },
        },
      ],
      within: front.within,
      as: 'probe',
    },
    needs: [projectResponsesId(account.name, name), tokenId('probe', audiences.models)],
    proves: [key],
    suspects: [key, front.owner.key, ...on.keys(`role-assignment/probe/openai-user/${account.name}`)],
    limit: front.host,
    cost: costOf(model.model, question.shortestResponse),
  }
}

import type { ModelCall, Probe } from '../probe.ts'
import { type Place, places, projects, question, responds, speaks } from './deployments.ts'
import { audiences, type Ground } from './ground.ts'
import { roleAt, roleId } from './roles.ts'

/** Models called directly and through their project. One token is proof enough; the Responses API takes no fewer than 16. */
export const models = (on: Ground): Probe[] =>
  on.hasCanaries
    ? [
        ...places(on).flatMap((place) => direct(place) ?? []),
        ...onePerAccount(places(on).filter(({ deployment }) => responds(deployment))).map(response),
        ...throughProjects(on),
      ]
    : []

export const directId = ({ account, deployment }: Pick<Place, 'account' | 'deployment'>): string =>
  `model/direct/${account.name}/${deployment.name}`

const common = {
  layer: 'model',
  expect: 'works',
  vantage: 'inside',
  journey: 'models directly',
} as const

function direct(place: Place): Probe | undefined {
  const { deployment, account, front, key, accountKey } = place
  const shared = {
    ...common,
    id: directId(place),
    beat: 'models' as const,
    needs: [roleId('openai-user', account.name)],
    proves: [key, accountKey],
    suspects: [key, accountKey],
    limit: front.host,
  }
  const speech = speaks(deployment)
  if (speech === 'chat')
    return {
      ...shared,
      title: `${deployment.name} at ${account.name} answers a chat`,
      module: 'chat',
      target: { ...callOf(place, 'chat/completions', question.shortest), stream: false },
      cost: costOf(deployment.model, question.shortest),
    }
  if (speech === 'embeddings')
    return {
      ...shared,
      title: `${deployment.name} at ${account.name} makes an embedding`,
      module: 'embeddings',
      target: callOf(place, 'embeddings', question.shortest),
      cost: costOf(deployment.model, 0),
    }
  return undefined
}

/** One account's Responses API is one: the first of its models speaks for it. */
const onePerAccount = (all: Place[]): Place[] => [
  ...new Map(all.toReversed().map((place) => [place.accountKey, place])).values(),
]

const response = (place: Place): Probe => ({
  ...common,
  id: `responses/direct/${place.account.name}`,
  title: `the Responses API of ${place.account.name} answers`,
  module: 'responses',
  target: callOf(place, 'responses', question.shortestResponse),
  beat: 'agents',
  needs: [directId(place)],
  proves: [place.accountKey],
  suspects: [place.key, place.accountKey],
  limit: place.front.host,
  cost: costOf(place.deployment.model, question.shortestResponse),
})

export const projectResponsesId = (account: string, project: string): string =>
  `responses/project/${account}/${project}`

const throughProjects = (on: Ground): Probe[] =>
  projects(on).flatMap(({ account, name, key, front, url, audience }): Probe[] => {
    const place = places(on).find(
      (it) => it.account.name === account.name && speaks(it.deployment) === 'chat',
    )
    if (!place || !responds(place.deployment)) return []
    return [
      {
        ...common,
        id: projectResponsesId(account.name, name),
        title: `the project ${name} of ${account.name} answers through its own endpoint`,
        module: 'responses',
        target: {
          url: `${url}/openai/v1/responses`,
          within: front.within,
          as: 'probe',
          audience,
          model: place.deployment.name,
          maxTokens: question.shortestResponse,
          role: roleAt('foundry-user', `${account.name}/${name}`),
        },
        beat: 'agents',
        journey: 'agents',
        needs: [roleId('foundry-user', `${account.name}/${name}`), directId(place)],
        proves: [key],
        suspects: [key, place.key, front.owner.key],
        limit: front.host,
        cost: costOf(place.deployment.model, question.shortestResponse),
      },
    ]
  })

const callOf = ({ account, front, deployment }: Place, path: string, maxTokens: number): ModelCall => ({
  url: `https://${front.host}/openai/v1/${path}`,
  within: front.within,
  as: 'probe',
  audience: audiences.models,
  model: deployment.name,
  maxTokens,
  role: roleAt('openai-user', account.name),
})

export const costOf = (model: string, completionTokens: number, promptTokens = question.promptTokens) => ({
  model,
  promptTokens,
  completionTokens,
})

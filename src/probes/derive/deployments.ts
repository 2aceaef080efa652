import type { Document } from '../../environment/schema.ts'
import { cloudOf, suffixes } from '../../environment/surroundings.ts'
import { subDomain } from '../../resources/account.ts'
import type { Front } from './fronts.ts'
import { audiences, type Ground, sameName } from './ground.ts'

/** What a deployment can be asked, told by the names of models and tiers; Azure's own list would be I/O. */

type Account = Document['foundry']['accounts'][number]
type Deployment = Account['deployments'][number]

export type Speaks = 'chat' | 'embeddings' | 'nothing a probe asks' | 'only batches'

const otherwise = /^(dall-e|gpt-image|sora|whisper|tts|.*(audio|realtime|transcribe|-tts|rerank))/i

export function speaks({ model, sku }: Deployment): Speaks {
  if (/batch$/i.test(sku)) return 'only batches'
  if (/embed/i.test(model)) return 'embeddings'
  return otherwise.test(model) ? 'nothing a probe asks' : 'chat'
}

/** The Responses API is OpenAI's models' own. */
export const responds = (deployment: Deployment): boolean =>
  speaks(deployment) === 'chat' && deployment.format === 'OpenAI'

/** A deployment with all that a call to it needs to know. */
export interface Place {
  account: Account
  deployment: Deployment
  key: string
  accountKey: string
  accountId: string
  front: Front
}

/** Every deployment of the environment, at the name that models are called by. */
export const places = (on: Ground): Place[] =>
  on.document.foundry.accounts.flatMap((account) => {
    const front = modelFront(on, account)
    if (!front) return []
    return account.deployments.map((deployment) => ({
      account,
      deployment,
      key: `model-deployment/${account.name}/${deployment.name}`,
      accountKey: front.owner.key,
      accountId: front.owner.id,
      front,
    }))
  })

export const modelFront = (on: Ground, account: Account): Front | undefined =>
  frontAt(on, `${subDomain(account.name)}.${suffixes[cloudOf(on.surroundings)].openai}`)

/** Where a project is called; undefined in clouds whose documents name no such host (azure-facts 14.1). */
const projectFront = (on: Ground, account: Account): Front | undefined =>
  frontAt(on, `${subDomain(account.name)}.services.ai.azure.com`)

const frontAt = (on: Ground, host: string) => on.fronts.find((front) => front.host === host)

/** The projects of the environment with their endpoints. */
export const projects = (on: Ground) =>
  on.document.foundry.accounts.flatMap((account) => {
    const front = projectFront(on, account)
    const name = account.project
    if (!front || name === undefined) return []
    return [
      {
        account,
        front,
        name,
        key: `project/${account.name}/${name}`,
        url: `https://${front.host}/api/projects/${name}`,
        audience: audiences.projects,
      },
    ]
  })

/** The member deployments of a pool. */
export const membersOf = (on: Ground, pool: Document['gateway']['pools'][number]): Place[] =>
  places(on).filter(
    ({ account, deployment }) =>
      sameName(deployment.name, pool.deployment) &&
      pool.members.some((member) => sameName(member.account, account.name)),
  )

/** A sentence of a dozen tokens, and what answers to it cost at most. */
export const question = { promptTokens: 14, shortest: 1, shortestResponse: 16 }

import { readFileSync } from 'node:fs'
import tls from 'node:tls'
import type { ArmObject, Azure } from '../azure-client.ts'
import { joinNetwork } from '../host/network/join.ts'
import type { Lab } from '../lab.ts'
import type { Stage } from './stage.ts'

/** The three ways to a model in the provisioned environment, and the two that must be closed, each called once. */
interface Way {
  way: string
  held: boolean
  /** Status and what there is to say of it. */
  detail: string
}

const model = 'gpt-4o'
const person = { objectId: '6f1d2c3b-0a49-4e58-8c67-9d8e7f605142', name: 'a caller', roles: [] }
const question = { model, messages: [{ role: 'user', content: 'Say hello.' }], max_tokens: 20 }

export async function threeWays({ lab, azure, hold }: Stage): Promise<void> {
  for (const { way, held, detail } of await ways(lab, azure)) hold(way, held, detail)
}

async function ways(lab: Lab, azure: Azure): Promise<Way[]> {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(lab.ca, 'utf8')])
  const resources = await azure.resources()
  const apim = named(resources, 'Microsoft.ApiManagement/service')
  const subscription = named(resources, 'Microsoft.ApiManagement/service/subscriptions')
  const project = named(resources, 'Microsoft.CognitiveServices/accounts/projects')
  const [, account, projectName] = /accounts\/([^/]+)\/projects\/([^/]+)$/.exec(project.id) ?? []
  const { primaryKey } = await azure.arm<{ primaryKey: string }>(
    'POST',
    `${subscription.id}/listSecrets?api-version=2024-05-01`,
  )
  const bearer = async (audience: string) => ({
    authorization: `Bearer ${await azure.tokenFor({ audience, ...person })}`,
  })
  const atAccount = `https://${account}.openai.azure.com/openai/v1/chat/completions`
  const atGateway = `https://${apim.name}.azure-api.net/openai/v1/chat/completions`
  const atProject = `https://${account}.services.ai.azure.com/api/projects/${projectName}/openai/v1/responses`
  const forModels = await bearer('https://cognitiveservices.azure.com')

  const inside = await from(lab, undefined, async () => [
    await called('a model answers directly, to a person with the role', atAccount, forModels, question, 200),
    await called(
      'a model answers through the gateway, to a subscription key',
      atGateway,
      { 'api-key': primaryKey },
      question,
      200,
    ),
    await called(
      'a model answers through the project',
      atProject,
      await bearer('https://ai.azure.com'),
      { model, input: 'Say hello.' },
      200,
    ),
  ])
  const outside = await from(lab, 'internet', async () => [
    await called('from the internet the account refuses', atAccount, forModels, question, 403),
    await called(
      'from the internet the gateway has no name',
      atGateway,
      { 'api-key': primaryKey },
      question,
      'ENOTFOUND',
    ),
  ])
  return [...inside, ...outside]
}

/** Does something as if this process stood in a subnet; default: the app's. */
async function from<Result>(
  { azure, dns }: Lab,
  subnet: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const leave = joinNetwork({ azure, dns, ...(subnet ? { subnet } : {}) })
  try {
    return await work()
  } finally {
    leave()
  }
}

async function called(
  way: string,
  url: string,
  headers: Record<string, string>,
  body: object,
  expected: number | string,
): Promise<Way> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    await response.text()
    const region = response.headers.get('x-backend-region')
    return {
      way,
      held: response.status === expected,
      detail: `${response.status}${region ? ` from ${region}, ${response.headers.get('x-backend-retry')} retries` : ''}`,
    }
  } catch (error) {
    const { code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException
    return { way, held: code === expected, detail: String(code) }
  }
}

function named(resources: ArmObject[], type: string): ArmObject {
  const found = resources.find((resource) => resource.type === type)
  if (!found) throw new Error(`the environment has no ${type}`)
  return found
}

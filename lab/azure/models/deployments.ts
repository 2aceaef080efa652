import type { Azure } from '../arm/azure.ts'
import { keyOf, nameOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { perRevision } from '../arm/per-revision.ts'
import type { Model } from '../providers/cognitive-services/catalogue.ts'
import { DEPLOYMENT } from '../providers/cognitive-services/common.ts'
import { modelOf } from '../providers/cognitive-services/deployment-rules.ts'
import { type Deployment, skuOf } from '../providers/cognitive-services/deployment-shape.ts'
import { feltCapacity } from '../providers/cognitive-services/deployments.ts'
import { isProvisioned } from '../providers/cognitive-services/quota.ts'
import type { AccountResource } from './accounts.ts'
import { invalid, refused } from './refused.ts'

/** A deployment that answers. */
export type Served = {
  id: string
  name: string
  account: AccountResource
  resource: Resource<Deployment>
  model: Model
  /** `gpt-4o-2024-11-20`, as answers name it. */
  modelId: string
  provisioned: boolean
  spillover?: string
}

/** Traffic goes on while a deployment is updated (azure-facts 11, capacity change). */
const answers = ({ settledAt, state }: Resource) =>
  settledAt !== null && (state === 'Succeeded' || state === 'Accepted')

const found = perRevision(() => new Map<string, Served>())

export function deploymentOf(account: AccountResource, name: string, azure: Azure): Served | undefined {
  const known = found(azure)
  const id = `${account.id}/deployments/${name}`
  const served = known.get(id) ?? lookUp(account, id, azure)
  if (served) known.set(id, served)
  return served
}

function lookUp(account: AccountResource, id: string, azure: Azure): Served | undefined {
  const resource = azure.find(id)
  if (!resource || !answers(resource)) return undefined
  const deployment = resource as unknown as Resource<Deployment>
  const model = modelOf(deployment, account.location ?? '')
  if (!model) return undefined
  const { spilloverDeploymentName } = deployment.properties
  return {
    id: resource.id,
    name: nameOf(resource.id),
    account,
    resource: deployment,
    model,
    modelId: `${model.name}-${model.version}`,
    provisioned: isProvisioned(skuOf(deployment).name),
    ...(spilloverDeploymentName ? { spillover: spilloverDeploymentName } : {}),
  }
}

export const deploymentsOf = (account: AccountResource, azure: Azure): Served[] =>
  azure.children(account.id, DEPLOYMENT).flatMap(({ id }) => deploymentOf(account, nameOf(id), azure) ?? [])

export const deploymentNotFound = () =>
  refused(
    404,
    'DeploymentNotFound',
    'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.',
  )

export function checkCapability({ model }: Served, capability: string): void {
  if (model.capabilities[capability] === 'true') return
  throw refused(
    400,
    'OperationNotSupported',
    `The ${capability} operation does not work with the specified model, ${model.name}. Please choose different model and try again. You can learn more about which models can be used with each operation here: https://go.microsoft.com/fwlink/?linkid=2197993.`,
  )
}

/** Units of capacity that limit it now: a change takes its time to be felt. */
export const unitsOf = ({ resource }: Served, now: number) => feltCapacity(resource, now)

export const isSameFamily = (one: Served, other: Served) => keyOf(one.model.name) === keyOf(other.model.name)

/** Which model a body asks for, where the path does not say. */
export function modelAsked(body: Record<string, unknown>): string {
  const { model } = body
  if (typeof model === 'string' && model) return model
  throw invalid("Missing required parameter: 'model'.", 'model', 'missing_required_parameter')
}

import type { Azure } from '../../arm/azure.ts'
import { badRequest } from '../../arm/errors.ts'
import { keyOf, nameOf, sameId } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'
import { iso } from '../../clock.ts'
import { checkAtRest } from './account-state.ts'
import { type Model, modelsIn, retirementOf } from './catalogue.ts'
import { accountIdOf, DEPLOYMENT } from './common.ts'
import { type Deployment, skuOf } from './deployment-shape.ts'
import { checkQuota, isProvisioned } from './quota.ts'

const POLICIES = ['microsoft.default', 'microsoft.defaultv2', 'microsoft.nil']

export function checkDeployment(
  draft: Resource<Deployment>,
  before: Resource<Deployment> | undefined,
  azure: Azure,
): void {
  checkAtRest(draft.id, azure)
  const location = azure.find(accountIdOf(draft.id))?.location ?? ''
  const sku = skuOf(draft)
  const { raiPolicyName, spilloverDeploymentName } = draft.properties
  const model = modelOf(draft, location)
  if (!model || !(sku.name in model.skus)) throw notSupported(draft, sku.name, location)
  const retiresAt = retirementOf(model, azure.clock.now())
  if (retiresAt <= azure.clock.now() && !before)
    throw badRequest(
      'ServiceModelDeprecated',
      `The model '${described(draft)}' has been deprecated since ${iso(retiresAt)}.`,
    )
  checkCapacity(draft, model)
  checkQuota(draft, location, azure)
  if (!POLICIES.includes(keyOf(raiPolicyName)))
    throw invalid(`The rai policy '${raiPolicyName}' does not exist (custom ones are not simulated).`)
  if (spilloverDeploymentName) checkSpillover(draft, spilloverDeploymentName, azure)
}

export const modelOf = (
  { properties: { model } }: Resource<Deployment>,
  location: string,
): Model | undefined =>
  modelsIn(location).find(
    ({ format, name, version, isDefault }) =>
      keyOf(format) === keyOf(model.format) &&
      keyOf(name) === keyOf(model.name) &&
      (model.version ? version === model.version : isDefault),
  )

function checkCapacity(draft: Resource<Deployment>, { provisioned = {} }: Model): void {
  const { name, capacity } = skuOf(draft)
  if (!Number.isInteger(capacity) || capacity < 1)
    throw invalid(`The capacity of the sku '${name}' has to be a whole number of at least 1.`)
  const { minimum = 1, scaleUnit = 1 } = provisioned[name] ?? {}
  if (capacity < minimum || (capacity - minimum) % scaleUnit !== 0)
    throw invalid(
      `The capacity ${capacity} is not valid for '${described(draft)}' with the sku '${name}': at least ${minimum}, in steps of ${scaleUnit}.`,
    )
}

/** A standard deployment of the same model beside a provisioned one. */
function checkSpillover(draft: Resource<Deployment>, name: string, azure: Azure): void {
  const target = azure
    .children(accountIdOf(draft.id), DEPLOYMENT)
    .map((one) => one as unknown as Resource<Deployment>)
    .find(({ id }) => sameId(nameOf(id), name))
  if (!isProvisioned(skuOf(draft).name)) throw invalid('Only a provisioned deployment can spill over.')
  if (!target) throw invalid(`The spillover deployment '${name}' does not exist.`)
  if (
    isProvisioned(skuOf(target).name) ||
    keyOf(target.properties.model.name) !== keyOf(draft.properties.model.name)
  )
    throw invalid(`The spillover deployment '${name}' has to be a standard deployment of the same model.`)
}

const described = ({ properties: { model } }: Resource<Deployment>) =>
  `Format: ${model.format}, Name: ${model.name}, Version: ${model.version ?? ''}`

const invalid = (message: string) => badRequest('InvalidResourceProperties', message)

const notSupported = (draft: Resource<Deployment>, sku: string, location: string) =>
  badRequest(
    'DeploymentModelNotSupported',
    `The model '${described(draft)}' of account deployment is not supported with the sku '${sku}' in the region '${location}'.`,
  )

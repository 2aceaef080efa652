import { type Model, modelsIn, retirementOf } from '../providers/cognitive-services/catalogue.ts'
import type { AccountResource } from './accounts.ts'
import { invalid } from './refused.ts'

const idOf = ({ name, version }: Model) => `${name}-${version}`

/** The base models of the account's region; deployments are ARM's to list. */
const modelShown = (model: Model) => ({
  id: idOf(model),
  object: 'model',
  status: 'succeeded',
  created_at: 1_715_367_049,
  lifecycle_status: 'generally-available',
  deprecation: { inference: Math.floor(retirementOf(model, 0) / 1000) },
  capabilities: {
    inference: true,
    fine_tune: false,
    completion: model.capabilities['completion'] === 'true',
    chat_completion: model.capabilities['chatCompletion'] === 'true',
    embeddings: model.capabilities['embeddings'] === 'true',
  },
})

export const modelList = ({ location = '' }: AccountResource) => ({
  object: 'list',
  data: modelsIn(location).map(modelShown),
})

export function modelNamed({ location = '' }: AccountResource, id: string) {
  const model = modelsIn(location).find((one) => idOf(one) === id)
  if (!model) throw invalid(`The model '${id}' does not exist.`, 'model', 'model_not_found', 404)
  return modelShown(model)
}

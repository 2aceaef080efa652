import type { Azure } from '../arm/azure.ts'
import type { Arrival, DataCall } from '../data/call.ts'
import { keysOf } from '../providers/cognitive-services/keys.ts'
import type { Tokens } from '../tokens.ts'
import { type AccountResource, birthIdOf } from './accounts.ts'
import { ACCOUNT_AUDIENCE, checkArrival, checkKey, checkRole, principalOf } from './admission.ts'
import { chatPrompt, completionPrompt, completionReply, copiesOf, mostOf } from './chat.ts'
import { modelAsked } from './deployments.ts'
import { embeddingPrompt, embeddingReply } from './embeddings.ts'
import { modelList, modelNamed } from './model-list.ts'
import { type Routed, routed } from './operations.ts'
import type { Reply } from './reply.ts'
import { cancel, find, listed, remove, shown } from './response-store.ts'
import { compactResponse, createResponse, type Speaker } from './responses.ts'
import type { Serve, Wanted } from './serve.ts'
import type { Noted } from './tally.ts'
import { type Body, parsed } from './tokens.ts'

export type Asked = {
  call: DataCall
  arrival: Arrival
  account: AccountResource
  path: string
  query: URLSearchParams
  noted: Noted
}

/** `/openai/…` of an account: the surface v1 and the dated one. */
export function accountSurface(azure: Azure, tokens: Tokens, serve: Serve) {
  async function checkCaller({ call: { headers }, account }: Asked, { operation, shown }: Routed) {
    const key = headers['api-key']
    if (key !== undefined && headers['authorization'] === undefined)
      return checkKey(key, account, keysOf(account, azure))
    const principalId = await principalOf(headers, ACCOUNT_AUDIENCE, tokens, azure)
    checkRole(principalId, operation.dataAction, account.id, shown, azure)
  }

  function wantedOf({ call }: Asked, { operation, apiVersion }: Routed): Omit<Wanted, 'prompt' | 'most'> {
    const { host, headers, body } = call
    const { id, capability = '' } = operation
    const generates = capability !== 'embeddings'
    return { operation: id, capability, apiVersion, host, headers, request: body, copies: 1, generates }
  }

  function speakerOf(asked: Asked, route: Routed, body: Body): Speaker {
    const model = modelAsked(body)
    return {
      place: birthIdOf(asked.account),
      model,
      speak: ({ prompt, most }) =>
        serve(asked.account, model, { ...wantedOf(asked, route), prompt, most }, asked.noted),
    }
  }

  function answered(asked: Asked, route: Routed): Reply | Promise<Reply> {
    const { operation, params } = route
    const { call, account, noted } = asked
    const [id = ''] = params
    const place = birthIdOf(account)
    if (operation.capability) {
      const body = parsed(call.body)
      noted.streamed = body['stream'] === true
      const wanted = wantedOf(asked, route)
      const served = (prompt: number, more: Partial<Wanted> = {}) =>
        serve(
          account,
          route.deployment ?? modelAsked(body),
          { ...wanted, prompt, most: undefined, ...more },
          noted,
        )
      const asText = () => ({ most: mostOf(body), copies: copiesOf(body) })
      switch (operation.id) {
        case 'ChatCompletions_Create':
          return completionReply(body, served(chatPrompt(body), asText()), azure.clock.now(), 'chat')
        case 'Completions_Create':
          return completionReply(body, served(completionPrompt(body), asText()), azure.clock.now(), 'text')
        case 'Embeddings_Create':
          return embeddingReply(body, served(embeddingPrompt(body)), azure.draw)
        case 'Responses_Create':
          return createResponse(body, speakerOf(asked, route, body), azure)
        default:
          return compactResponse(body, speakerOf(asked, route, body), azure)
      }
    }
    const quick = (body: object): Reply => ({ body, tookMs: 20 })
    switch (operation.id) {
      case 'Responses_Get':
        return quick(shown(find(place, id, azure), azure))
      case 'Responses_Delete':
        return quick(remove(place, id, azure))
      case 'Responses_Cancel':
        return quick(cancel(place, id, azure))
      case 'Responses_ListInputItems':
        return quick(listed(find(place, id, azure).input))
      case 'Models_Get':
        return quick(modelNamed(account, id))
      default:
        return quick(modelList(account))
    }
  }

  return async (asked: Asked): Promise<Reply> => {
    checkArrival(asked.account, asked.arrival)
    const route = routed(asked.call.method, asked.path, asked.query)
    asked.noted.operation = route.operation.id
    await checkCaller(asked, route)
    return answered(asked, route)
  }
}

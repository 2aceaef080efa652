import { randomUUID } from 'node:crypto'
import type { Azure } from '../arm/azure.ts'
import type { Arrival, DataAnswer, DataCall, Send, Service } from '../data/call.ts'
import { REGIONS, regionCode } from '../regions.ts'
import type { Tokens } from '../tokens.ts'
import { type Asked, accountSurface } from './account-surface.ts'
import { type AccountResource, accountAt, isProjectHost } from './accounts.ts'
import { noteInjected } from './injected.ts'
import { isProjectPath, projectSurface } from './project-surface.ts'
import { notFound, Refused } from './refused.ts'
import { isStream, type Reply } from './reply.ts'
import { createServe } from './serve.ts'
import { createTally, type Noted, type Tally } from './tally.ts'

/** What a front takes to say no. */
const REFUSAL_MS = 8

export type Models = {
  /** Whether an account answers for the host now; in lower case. */
  owns(host: string): boolean
  answer: Service
  /** Told of what a fault answered in their place. */
  injected(call: DataCall, status: number): void
  tally: Tally
  /** Of a provisioned deployment by its ARM id, in percent, now. */
  utilisationOf(deploymentId: string): number
}

/**
 * The data plane of Foundry and Azure OpenAI accounts: who may ask, what a deployment can take, and an answer that looks like a model's.
 * `capacityShare`: of what a deployment of that host can take, how much is left while its region has trouble. `send`: by which agents reach a
 * model gateway; without it they reach none. `tally`: where calls are counted.
 */
export function createModels({
  azure,
  tokens,
  capacityShare = () => 1,
  send,
  tally = createTally(),
}: {
  azure: Azure
  tokens: Tokens
  capacityShare?: (host: string) => number
  send?: Send
  tally?: Tally
}): Models {
  const { serve, utilisationOf } = createServe(azure, tally, capacityShare)
  const onAccount = accountSurface(azure, tokens, serve)
  const onProject = projectSurface(azure, tokens, serve, send)

  function reply(asked: Asked): Promise<Reply> {
    const isProject = isProjectHost(asked.call.host) && isProjectPath(asked.path)
    return isProject ? onProject(asked) : onAccount(asked)
  }

  async function answer(call: DataCall, arrival: Arrival): Promise<DataAnswer> {
    const account = accountAt(call.host, azure)
    if (!account) return refusal(notFound(), {})
    const [path = '', query = ''] = call.path.split('?')
    const noted: Noted = { accountId: account.id, operation: '', status: 200, streamed: false }
    const at = azure.clock.now()
    const asked = { call, arrival, account, path, query: new URLSearchParams(query), noted }
    const answered = await reply(asked).then(
      (given) => success(given, commonHeaders(account)),
      (error: unknown) => {
        if (error instanceof Refused) return refusal(error, commonHeaders(account))
        throw error
      },
    )
    tally.note(at, { ...noted, status: answered.status, tookMs: answered.tookMs })
    return answered
  }

  return {
    owns: (host) => accountAt(host, azure) !== undefined,
    answer,
    injected: (call, status) => noteInjected(call, status, tally, azure),
    tally,
    utilisationOf,
  }
}

function commonHeaders({ location = '' }: AccountResource): Record<string, string> {
  const requestId = randomUUID()
  return {
    'x-ms-region': REGIONS[regionCode(location)] ?? location,
    'apim-request-id': requestId,
    'x-request-id': requestId,
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }

function success({ body, headers, tookMs }: Reply, common: Record<string, string>): DataAnswer {
  const streamed = isStream(body)
  const type = streamed ? { 'content-type': 'text/event-stream; charset=utf-8' } : JSON_TYPE
  return {
    status: 200,
    headers: { ...common, ...headers, ...type },
    body: streamed ? body : JSON.stringify(body),
    tookMs,
  }
}

const refusal = ({ status, body, headers }: Refused, common: Record<string, string>): DataAnswer => ({
  status,
  headers: { ...common, ...headers, ...JSON_TYPE },
  body: JSON.stringify(body),
  tookMs: REFUSAL_MS,
})

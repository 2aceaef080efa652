import type { Azure } from '../arm/azure.ts'
import type { DataCall } from '../data/call.ts'
import { accountAt } from './accounts.ts'
import { deploymentOf } from './deployments.ts'
import { type Routed, routed } from './operations.ts'
import { Refused } from './refused.ts'
import type { Noted, Tally } from './tally.ts'

/** An answer that a fault gave in a model's place: whoever counts sees it as any other of that status. */
export function noteInjected(call: DataCall, status: number, tally: Tally, azure: Azure): void {
  const account = accountAt(call.host, azure)
  if (!account) return
  const [path = '', query = ''] = call.path.split('?')
  const route = routeOf(call.method, path, query)
  const name = route?.deployment ?? modelIn(call.body)
  const deployment = name ? deploymentOf(account, name, azure) : undefined
  const noted: Noted = {
    accountId: account.id,
    operation: route?.operation.id ?? '',
    status,
    streamed: false,
  }
  const served = deployment && {
    deployment: deployment.name,
    modelName: deployment.model.name,
    modelVersion: deployment.model.version,
  }
  tally.note(azure.clock.now(), { ...noted, ...served })
}

function routeOf(method: string, path: string, query: string): Routed | undefined {
  try {
    return routed(method, path, new URLSearchParams(query))
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}

const modelIn = (body: string) => /"model"\s*:\s*"([^"]+)"/.exec(body)?.[1]

import { iso } from '../clock.ts'
import type { Injected } from '../faults.ts'
import type { Journal } from '../journal.ts'
import type { Store } from '../store.ts'
import type { Tokens } from '../tokens.ts'
import { type DataAnswer, type DataCall, isUnreached, type Unreached } from './call.ts'

type Happened = {
  call: DataCall
  plane: string
  startedAt: number
  fault: Injected | undefined
  result: DataAnswer | Unreached
}

/** One call's row in the journal, durable before anybody hears of the answer. */
export async function writeRow(
  { journal, tokens, store }: { journal: Journal; tokens: Tokens; store: Store },
  { call, plane, startedAt, fault, result }: Happened,
) {
  const token = /^Bearer (\S+)$/i.exec(call.headers['authorization'] ?? '')?.[1]
  const claims = token ? await tokens.read(token) : undefined
  const died = isUnreached(result)
  journal.append({
    at: iso(startedAt),
    ms: died ? 0 : Math.round(result.tookMs),
    plane,
    method: call.method,
    url: call.host + call.path,
    apiVersion: /[?&]api-version=([^&]+)/.exec(call.path)?.[1] ?? null,
    status: died ? null : result.status,
    caller: claims?.oid ?? null,
    requestBody: parsed(call.body),
    ...(fault ? { fault: fault.id } : {}),
  })
  store.commit()
}

function parsed(body: string): unknown {
  if (!body) return null
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

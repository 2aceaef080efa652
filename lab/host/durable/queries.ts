import { type InstanceFilter, isFinal } from './instances.ts'
import type { ManagementReply, ManagementRequest, ManagementServices } from './management.ts'
import { historyView, statusOf } from './status.ts'

export function show(
  { query, url }: ManagementRequest,
  id: string,
  { store }: ManagementServices,
): ManagementReply {
  const instance = store.instances.get(id)
  if (!instance) return { status: 404 }
  const input = flag(query, 'showInput', true)
  const output = flag(query, 'showHistoryOutput', false)
  const status = statusOf(instance, input)
  const body = flag(query, 'showHistory', false)
    ? { ...status, historyEvents: historyView(store.instances.history(id), { output, input }) }
    : status
  if (!isFinal(instance)) return { status: 202, headers: { location: url, 'retry-after': '5' }, body }
  const as500 = instance.status === 'Failed' && flag(query, 'returnInternalServerErrorOnFailure', false)
  return { status: as500 ? 500 : 200, body }
}

const continuation = 'x-ms-continuation-token'
const usualPage = 100

export function list({ query, headers }: ManagementRequest, { store }: ManagementServices): ManagementReply {
  const count = Number(query.get('top')) || usualPage
  const token = headers[continuation]
  const afterId = typeof token === 'string' ? Buffer.from(token, 'base64').toString() : ''
  const found = store.instances.list(readFilter(query), { afterId, count: count + 1 })
  const page = found.slice(0, count)
  const body = page.map((instance) => statusOf(instance, flag(query, 'showInput', true)))
  const last = page.at(-1)
  if (!last || found.length === page.length) return { status: 200, body }
  return { status: 200, body, headers: { [continuation]: Buffer.from(last.id).toString('base64') } }
}

export function readFilter(query: URLSearchParams): InstanceFilter {
  const timeMs = (name: string) => {
    const ms = Date.parse(query.get(name) ?? '')
    return Number.isNaN(ms) ? undefined : ms
  }
  const statuses = query.getAll('runtimeStatus').flatMap((names) => names.split(','))
  return {
    createdFromMs: timeMs('createdTimeFrom'),
    createdToMs: timeMs('createdTimeTo'),
    statuses: statuses.filter(Boolean),
    idPrefix: query.get('instanceIdPrefix') ?? undefined,
  }
}

function flag(query: URLSearchParams, name: string, otherwise: boolean): boolean {
  const text = query.get(name)?.toLowerCase()
  return text === 'true' || text === 'false' ? text === 'true' : otherwise
}

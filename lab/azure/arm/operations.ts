import { iso } from '../clock.ts'
import type { Range } from '../lifecycles/temper.ts'
import type { Azure } from './azure.ts'
import type { Call } from './call.ts'
import { errorBody, type Fault, Refusal } from './errors.ts'
import { keyOf } from './ids.ts'
import type { Answer, Kind, Resource, Verb } from './kind.ts'
import { etagOf, show } from './show.ts'

/** Work that goes on after the answer. It is evidence only: the resource itself tells the state. */
export type Operation = {
  id: string
  verb: Verb
  resourceId: string
  /** The resource and the inline children that settle with it. */
  members: string[]
  /** Keys of the resources that no other write may touch meanwhile. */
  locks: string[]
  startedAt: number
  /** null: it never ends. */
  endsAt: number | null
  endedAt: number | null
  status: 'InProgress' | 'Succeeded' | 'Failed'
  /** Decided at the start, felt at the end. */
  fate: Fault | null
  error: Fault | null
  retryAfterSeconds: number
}

export type Start = {
  verb: Verb
  resource: Resource
  members: string[]
  locks: string[]
  attempt: number
  seconds: Range
  slower: number
  stuck: boolean
  fate: Fault | null
  retryAfterSeconds: number
}

const DAY_MS = 24 * 60 * 60 * 1000

export function startOperation(start: Start, azure: Azure): Operation {
  const { verb, resource, attempt } = start
  const now = azure.clock.now()
  const seconds =
    azure.draw.between(start.seconds, 'seconds', keyOf(resource.id), verb, attempt) * start.slower
  const operation: Operation = {
    id: azure.draw.uuid('operation', keyOf(resource.id), verb, attempt),
    verb,
    resourceId: resource.id,
    members: start.members,
    locks: start.locks.map(keyOf),
    startedAt: now,
    endsAt: start.stuck ? null : now + Math.round(seconds * 1000),
    endedAt: null,
    status: 'InProgress',
    fate: start.fate,
    error: null,
    retryAfterSeconds: start.retryAfterSeconds,
  }
  forgetOld(now, azure)
  azure.world.operations.put(operation.id, operation)
  if (operation.endsAt === now) settleOperation(operation.id, azure)
  else if (operation.endsAt !== null)
    azure.agenda.add({ at: operation.endsAt, what: 'settle', subject: operation.id })
  return azure.world.operations.get(operation.id) ?? operation
}

/** The operation's end, whenever it was due: its resources become what they were on their way to. */
export function settleOperation(id: string, azure: Azure): void {
  const operation = azure.world.operations.get(id)
  if (!operation || operation.endedAt !== null) return
  const now = azure.clock.now()
  let error = operation.fate
  for (const memberId of operation.members) {
    const member = azure.find(memberId)
    if (!member) continue
    const kind = azure.kind(member.type)
    const outcome = operation.fate ? undefined : kind?.settled?.(member, operation.verb, azure)
    if (outcome && 'failed' in outcome) error = outcome['failed'] as Fault
    // `settled` may have written to the member: a group empties itself.
    const current = azure.find(memberId) ?? member
    // A type that shows no state could not say that it failed: of its failed create nothing is left.
    if (error && kind?.stateless && current.settledAt === null) azure.erase(member.id)
    else if (error) azure.keep({ ...current, state: 'Failed' })
    else if (operation.verb === 'delete') azure.erase(member.id)
    else
      azure.keep({
        ...current,
        assigned: { ...current.assigned, ...outcome },
        state: 'Succeeded',
        settledAt: now,
      })
  }
  azure.world.operations.put(id, {
    ...operation,
    status: error ? 'Failed' : 'Succeeded',
    error,
    endedAt: now,
  })
}

/** Polling urls expire. */
function forgetOld(now: number, { world: { operations } }: Azure): void {
  for (const { id, endedAt } of [...operations.values()])
    if (endedAt !== null && now - endedAt > DAY_MS) operations.delete(id)
}

export const runningOn = (lock: string, azure: Azure): Operation | undefined =>
  [...azure.world.operations.values()].find(
    ({ endedAt, locks }) => endedAt === null && locks.includes(keyOf(lock)),
  )

/** `Azure-AsyncOperation`: 200 with a status body. `Location`: 202 while running, then the outcome itself. */
export function readOperation(path: string, id: string, azure: Azure): Answer {
  const operation = azure.world.operations.get(id.toLowerCase())
  const now = azure.clock.now()
  if (!operation || (operation.endedAt !== null && now - operation.endedAt > DAY_MS))
    throw new Refusal(
      404,
      'OperationNotFound',
      `The operation '${id}' could not be found: unknown or expired.`,
    )
  const { status, error, startedAt, endsAt, endedAt } = operation
  const retryAfter = { 'Retry-After': String(operation.retryAfterSeconds) }
  if (/results?\/[^/]+$/i.test(path)) return result(operation, retryAfter, azure)
  const resource = azure.find(operation.resourceId)
  const murmur = resource && azure.kind(resource.type)?.asynchrony.murmur
  const minute = Math.floor((now - startedAt) / 60_000)
  const murmurs =
    murmur && status === 'InProgress' && azure.draw.fraction('murmur', operation.id, minute) < murmur.chance
  const share = endsAt === null ? 0.5 : (now - startedAt) / (endsAt - startedAt)
  return {
    status: 200,
    headers: status === 'InProgress' ? retryAfter : {},
    body: {
      id: path,
      name: operation.id,
      status,
      startTime: iso(startedAt),
      ...(endedAt === null ? {} : { endTime: iso(endedAt) }),
      percentComplete: endedAt === null ? Math.min(99, Math.floor(share * 100)) : 100,
      ...(error ? errorBody(error) : murmurs ? errorBody(murmur.fault) : {}),
    },
  }
}

function result(operation: Operation, retryAfter: Record<string, string>, azure: Azure): Answer {
  if (operation.status === 'InProgress') return { status: 202, headers: retryAfter }
  if (operation.error) return { status: 409, body: errorBody(operation.error) }
  const resource = azure.find(operation.resourceId)
  return resource && operation.verb !== 'delete'
    ? { status: 200, headers: { ETag: etagOf(resource, azure) }, body: show(resource, azure) }
    : { status: 204 }
}

export function operationHeaders(
  kind: Kind,
  resource: Resource,
  operation: Operation,
  { origin, apiVersion }: Call,
): Record<string, string> {
  const { asynchrony } = kind
  const url = (path: string) => `${origin}${path}/${operation.id}?api-version=${apiVersion}`
  const urls = { 'Azure-AsyncOperation': asynchrony.status, Location: asynchrony.result }
  // A deletion can always be followed by Location, whatever its creation offers.
  const headers = new Set(asynchrony.headers)
  if (operation.verb === 'delete') headers.add('Location')
  return {
    ...Object.fromEntries([...headers].map((header) => [header, url(urls[header](resource))])),
    'Retry-After': String(asynchrony.retryAfterSeconds),
  }
}

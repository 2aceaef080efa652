import type { Azure } from '../arm/azure.ts'
import { invalid, responseNotFound } from './refused.ts'
import type { Body } from './tokens.ts'

/** A response as the account or project that made it keeps it, and none other. */
export type StoredResponse = {
  /** Of the account's or project's life: `birthIdOf`. */
  place: string
  createdAt: number
  response: Body & { id: string }
  input: Body[]
  /** Of one in the background: until then it is in progress. */
  completesAt?: number
}

const KEPT_MS = 30 * 24 * 60 * 60 * 1000

export function keep(stored: StoredResponse, azure: Azure): void {
  const { responses } = azure.world
  for (const [id, { createdAt }] of responses.entries()) {
    if (createdAt + KEPT_MS > azure.clock.now()) break
    responses.delete(id)
  }
  responses.put(stored.response.id, stored)
}

function kept(place: string, id: string, azure: Azure): StoredResponse | undefined {
  const stored = azure.world.responses.get(id)
  const isOld = stored !== undefined && stored.createdAt + KEPT_MS <= azure.clock.now()
  return stored?.place === place && !isOld ? stored : undefined
}

export function find(place: string, id: string, azure: Azure): StoredResponse {
  const stored = kept(place, id, azure)
  if (!stored) throw responseNotFound(id)
  return stored
}

/** What a new response goes on from. */
export function previous(place: string, id: string, azure: Azure): StoredResponse {
  const stored = kept(place, id, azure)
  if (stored) return stored
  throw invalid(
    `Previous response with id '${id}' not found.`,
    'previous_response_id',
    'previous_response_not_found',
  )
}

const isRunning = ({ completesAt }: StoredResponse, azure: Azure) =>
  completesAt !== undefined && completesAt > azure.clock.now()

export const shown = (stored: StoredResponse, azure: Azure): Body =>
  isRunning(stored, azure)
    ? { ...stored.response, status: 'in_progress', output: [], usage: null, incomplete_details: null }
    : stored.response

export function cancel(place: string, id: string, azure: Azure): Body {
  const stored = find(place, id, azure)
  if (stored.completesAt === undefined)
    throw invalid('Cannot cancel a synchronous response.', null, 'invalid_request_error')
  if (!isRunning(stored, azure)) return stored.response
  const response = {
    ...stored.response,
    status: 'cancelled',
    output: [],
    usage: null,
    incomplete_details: null,
  }
  azure.world.responses.put(id, { ...stored, response, completesAt: 0 })
  return response
}

export function remove(place: string, id: string, azure: Azure): Body {
  find(place, id, azure)
  azure.world.responses.delete(id)
  return { id, object: 'response.deleted', deleted: true }
}

/** The end of an account's or project's life. */
export function forget(place: string, azure: Azure): void {
  const { responses, conversations, agents } = azure.world
  for (const table of [responses, conversations, agents])
    for (const [id, row] of [...table.entries()]) if (row.place === place) table.delete(id)
}

export function listed(data: Body[]): Body {
  const [first, last] = [data[0], data.at(-1)]
  return {
    object: 'list',
    data,
    first_id: first?.['id'] ?? null,
    last_id: last?.['id'] ?? null,
    has_more: false,
  }
}

import type { Azure } from './azure.ts'
import { badRequest, Refusal } from './errors.ts'
import { keyOf } from './ids.ts'
import type { Kind, Resource } from './kind.ts'
import { runningOn } from './operations.ts'
import { etagOf } from './show.ts'

/** If-Match and If-None-Match, against the etag of what is there. */
export function checkEtag(headers: Headers, present: Resource | undefined, azure: Azure): void {
  const wanted = headers.get('if-match')
  const current = present && etagOf(present, azure)
  if (wanted && (!current || (wanted !== '*' && bare(wanted) !== bare(current))))
    throw preconditionFailed('If-Match', wanted, current)
  const unwanted = headers.get('if-none-match')
  if (unwanted && current && (unwanted === '*' || bare(unwanted) === bare(current)))
    throw preconditionFailed('If-None-Match', unwanted, current)
}

/** Where a blind PATCH or DELETE is refused; `*` is an answer. */
export function checkMatchGiven(kind: Kind, method: string, headers: Headers): void {
  if (kind.matchRequired && method !== 'PUT' && !headers.get('if-match'))
    throw badRequest(
      'ValidationError',
      `The header If-Match is required to ${method} a ${kind.type}.`,
      'If-Match',
    )
}

const bare = (etag: string) => etag.replace(/^W\//, '').replaceAll('"', '')

const preconditionFailed = (header: string, asked: string, current: string | undefined) =>
  new Refusal(
    412,
    'PreconditionFailed',
    `The condition '${asked}' in the ${header} header was not satisfied. The current was '${current ?? ''}'.`,
  )

/** The ids whose running operations a write to `id` may not overlap. */
export const locksOf = (kind: Kind, id: string) => kind.locks?.(id) ?? [id]

export function checkLocks(kind: Kind, id: string, azure: Azure): void {
  if (!locksOf(kind, id).some((lock) => runningOn(lock, azure))) return
  let share = azure.draw.fraction('busy', keyOf(id), azure.attempt(`busy ${id}`))
  for (const { share: own, refuse } of kind.busy) {
    share -= own
    if (share < 0) throw refuse(id)
  }
}

import type { Azure } from './azure.ts'
import { removalBlocked } from './blocked.ts'
import type { Carried, ResourceCall } from './call.ts'
import { checkEtag, checkLocks, checkMatchGiven, locksOf } from './conditions.ts'
import { methodNotAllowed } from './errors.ts'
import { drawFate } from './mishaps.ts'
import { operationHeaders, startOperation } from './operations.ts'
import { checkParent, checkScope } from './scope.ts'

export function remove(call: ResourceCall, azure: Azure): Carried {
  const { kind } = call
  if (!kind.methods.includes('DELETE')) throw methodNotAllowed('DELETE', kind.type)
  checkScope(kind, call.id, false, azure)
  checkParent(kind, call.id, 'delete', azure)
  checkMatchGiven(kind, 'DELETE', call.headers)
  const present = azure.find(call.id)
  if (!present) return { status: 204 }
  checkEtag(call.headers, present, azure)
  checkLocks(kind, present.id, azure)
  const blocked = kind.container ? undefined : removalBlocked(present, azure, call.query)
  if (blocked) throw blocked

  const attempt = azure.attempt(`delete ${present.id}`)
  const lifecycle = azure.lifecycle(kind.type, 'delete')
  const fate = drawFate(lifecycle?.mishaps ?? [], ['delete', present.id, attempt], call.forced, azure)
  const resource = azure.keep({ ...present, state: lifecycle?.state ?? 'Deleting' })
  const operation = startOperation(
    {
      verb: 'delete',
      resource,
      members: [resource.id],
      locks: locksOf(kind, resource.id),
      attempt,
      seconds: lifecycle?.seconds ?? [0, 0],
      slower: fate.slower,
      stuck: fate.stuck,
      fate: fate.failed,
      retryAfterSeconds: kind.asynchrony.retryAfterSeconds,
    },
    azure,
  )
  if (operation.endedAt !== null) return { status: 200, lost: fate.lost }
  return {
    status: 202,
    headers: operationHeaders(kind, resource, operation, call),
    lost: fate.lost,
  }
}

import { cancel } from '../src/operations/cancel.ts'
import { showOperation } from '../src/operations/show.ts'
import { isFinalState } from '../src/store/store.ts'
import { notFound, problem } from './problem.ts'
import type { Handler } from './routes.ts'

/** `GET /api/operations/{id}` */
export const getOperation: Handler = async ({ request, context, app }) => {
  const id = request.params['id'] ?? ''
  const found = await showOperation(app.store, app.orchestrations(context), id)
  return found ? { jsonBody: found } : notFound(`operation ${id}`)
}

/** `POST /api/operations/{id}/cancel`: the operation ends at its next look; what Azure has begun goes on. */
export const cancelOperation: Handler = async ({ request, app }) => {
  const id = request.params['id'] ?? ''
  const row = await cancel(app.store, id)
  if (!row) return notFound(`operation ${id}`)
  if (isFinalState(row.state))
    return problem({ status: 409, reason: 'operation-ended', detail: `It has already ended: ${row.state}.` })
  return { status: 202, headers: { location: `/api/operations/${id}` }, jsonBody: { operation: id } }
}

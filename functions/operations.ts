import * as z from 'zod'
import { approve } from '../src/operations/approve.ts'
import { cancel } from '../src/operations/cancel.ts'
import { showOperation } from '../src/operations/show.ts'
import { isFinalState } from '../src/store/store.ts'
import { notFound, problem } from './problem.ts'
import type { Handler } from './route.ts'

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

const Approval = z.strictObject({ planHash: z.string().min(1) })

/** `POST /api/operations/{id}/approve` `{planHash}`: lets the steps that can interrupt traffic be made, of this plan and no other. */
export const approveOperation: Handler = async ({ request, caller, app }) => {
  const id = request.params['id'] ?? ''
  const body = Approval.safeParse(await request.json().catch(() => undefined))
  if (!body.success)
    return problem({
      status: 400,
      reason: 'invalid-approval',
      detail: 'Send {"planHash": "…"}, the hash of the plan you approve.',
    })
  const approved = await approve(app.store, id, body.data.planHash, caller?.id ?? '')
  switch (approved.is) {
    case 'unknown':
      return notFound(`operation ${id}`)
    case 'not awaiting':
      return problem({
        status: 409,
        reason: 'not-awaiting-approval',
        detail: `It does not wait for approval: ${approved.state}.`,
      })
    case 'moved':
      return problem({
        status: 409,
        reason: 'plan-moved',
        detail: `The plan is ${approved.planHash} by now. Look at it, then approve that one.`,
      })
    case 'approved':
      return { status: 202, headers: { location: `/api/operations/${id}` }, jsonBody: { operation: id } }
  }
}

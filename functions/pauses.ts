import * as z from 'zod'
import { pause, resume } from '../src/operations/pause.ts'
import { notFound, problem } from './problem.ts'
import type { Handler } from './route.ts'

const mostHours = 24 * 14

const Pause = z.strictObject({
  resource: z.string().min(1),
  /** Read by whoever wonders why it is not put right. */
  reason: z.string().min(1).max(500),
  hours: z.number().positive().max(mostHours).default(24),
})

const Resume = z.strictObject({ resource: z.string().min(1) })

/** `POST /api/environments/{name}/pause` `{resource, reason, hours}`: the resource is looked at, and neither written nor removed, until then. */
export const pauseResource: Handler = async ({ request, caller, app }) => {
  const name = request.params['name'] ?? ''
  const body = Pause.safeParse(await request.json().catch(() => undefined))
  if (!body.success)
    return problem({
      status: 400,
      reason: 'invalid-pause',
      detail: `Send {"resource": "kind/name", "reason": "…", "hours": 24}; at most ${mostHours} hours.`,
    })
  const { resource, reason, hours } = body.data
  const untilMs = Date.now() + hours * 3_600_000
  const paused = await pause(app.store, app.surroundings, name, {
    resource,
    reason,
    by: caller?.id ?? '',
    untilMs,
  })
  switch (paused.is) {
    case 'unknown environment':
      return notFound(`environment named ${name}`)
    case 'unknown resource':
      return problem({
        status: 400,
        reason: 'unknown-resource',
        detail: `It has: ${paused.resources.join(', ')}.`,
      })
    case 'paused':
      return { jsonBody: { resource, until: new Date(untilMs).toISOString() } }
  }
}

/** `POST /api/environments/{name}/resume` `{resource}` */
export const resumeResource: Handler = async ({ request, app }) => {
  const body = Resume.safeParse(await request.json().catch(() => undefined))
  if (!body.success)
    return problem({ status: 400, reason: 'invalid-resume', detail: 'Send {"resource": "kind/name"}.' })
  await resume(app.store, request.params['name'] ?? '', body.data.resource)
  return { status: 204 }
}

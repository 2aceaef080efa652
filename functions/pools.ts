import * as z from 'zod'
import { release } from '../src/rebalance/release.ts'
import { showDecisions, showPools } from '../src/rebalance/show.ts'
import { notFound, problem } from './problem.ts'
import type { Handler } from './route.ts'

const weekMs = 7 * 24 * 3_600_000

const Since = z.iso.datetime({ offset: true }).nullable()

/** `GET /api/environments/{name}/pools`: how weights stand, what is watched, and what was decided. */
export const getPools: Handler = async ({ request, app }) => {
  const name = request.params['name'] ?? ''
  const pools = await showPools(app, name, Date.now())
  return pools ? { jsonBody: { environment: name, pools } } : notFound(`environment named ${name}`)
}

/** `GET /api/environments/{name}/pools/{pool}/decisions?since={time}`: newest first, of the last week unless said otherwise. */
export const getDecisions: Handler = async ({ request, app }) => {
  const { name: environment = '', pool = '' } = request.params
  const since = Since.safeParse(request.query.get('since'))
  if (!since.success)
    return problem({
      status: 400,
      reason: 'invalid-since',
      detail: 'since is a time such as 2026-11-25T00:00:00Z.',
    })
  const sinceMs = since.data === null ? Date.now() - weekMs : Date.parse(since.data)
  const decisions = await showDecisions(app, { environment, pool }, sinceMs)
  return decisions
    ? { jsonBody: { environment, pool, decisions } }
    : notFound(`pool ${pool} in an environment named ${environment}`)
}

/** `POST /api/environments/{name}/pools/{pool}/release`: the weights somebody has set become the base from which the service goes on. */
export const releasePool: Handler = async ({ request, context, caller, app }) => {
  const { name: environment = '', pool = '' } = request.params
  const log = (line: string) => context.log(line)
  const released = await release({ ...app, log }, { environment, pool }, caller?.id ?? '')
  switch (released.is) {
    case 'unknown':
      return notFound(`pool ${pool} in an environment named ${environment}`)
    case 'not held':
      return problem({ status: 409, reason: 'not-held', detail: `Nothing holds ${pool}.` })
    case 'released':
      return { jsonBody: { pool, base: released.hold.found } }
  }
}

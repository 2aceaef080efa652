import { keyOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { isOpen } from './breaker.ts'
import { entityIn, poolOf } from './configuration.ts'
import { type Member, type Pool, pick } from './pool.ts'
import { PolicyError } from './problems.ts'
import type { Running } from './running.ts'

/** Where one try goes. */
export type Target = {
  /** Without a slash at its end. */
  url: string
  backend: Resource | null
  /** To be set on the answer, so that the caller comes back to this member. */
  cookie?: string
}

/** Nobody may be asked just now: every breaker is open. */
export type Exhausted = { exhausted: number }

const ALONE = 503

export function targetOf(run: Running, now: number): Target | Exhausted {
  const { target, api, configuration, unit } = run
  if (target && 'backendId' in target) {
    const backend = entityIn(configuration, 'backends', target.backendId)
    if (!backend) throw unknownBackend(target.backendId)
    if (backend.properties['type'] === 'Pool') return memberOf(poolOf(backend, configuration), run, now)
    return isOpen(unit, keyOf(backend.id), now) ? { exhausted: ALONE } : of(backend)
  }
  const url = target?.baseUrl ?? api.properties['serviceUrl']
  if (typeof url !== 'string' || url === '')
    throw new PolicyError('BackendNotConfigured', 'No backend service is configured for the API.')
  return { url: url.replace(/\/+$/, ''), backend: null }
}

const unknownBackend = (id: string) =>
  new PolicyError('BackendNotFound', `Backend with id '${id}' could not be found.`)

const of = (backend: Resource): Target => ({
  url: String(backend.properties['url']).replace(/\/+$/, ''),
  backend,
})

/** The member that the caller's cookie names, while its breaker is closed; else whose turn it is. */
function memberOf(pool: Pool, run: Running, now: number): Target | Exhausted {
  const { affinityCookie } = pool
  const named = affinityCookie === undefined ? undefined : namedByCookie(pool, affinityCookie, run)
  if (named && !isOpen(run.unit, named.key, now)) return of(named.backend)
  const member = pick(pool, run.unit, now)
  if (!member) return { exhausted: pool.failureStatus }
  if (affinityCookie === undefined) return of(member.backend)
  return {
    ...of(member.backend),
    cookie: `${affinityCookie}=${sessionOf(member, run)}; Path=/; Secure; HttpOnly`,
  }
}

/** Says nothing to a caller, and the same each time. */
const sessionOf = ({ key }: Member, { world }: Running) => world.azure.draw.uuid('session', key)

function namedByCookie(pool: Pool, name: string, run: Running): Member | undefined {
  const pairs = (run.call.headers['cookie'] ?? '').split(';').map((pair) => pair.trim().split('='))
  const value = pairs.find(([key]) => key === name)?.[1]
  return value === undefined ? undefined : pool.members.find((member) => sessionOf(member, run) === value)
}

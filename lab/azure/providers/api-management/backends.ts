import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { keyOf, nameOf, sameId } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { CircuitBreaker } from './circuit-breaker.ts'
import { entity, faulty, fullId, onEntity, serviceIdOf } from './entity.ts'

/** `null` is as good as nothing. */
const Share = z
  .int('Must be an integer.')
  .min(0, 'Must be between 0 and 100.')
  .max(100, 'Must be between 0 and 100.')
  .nullish()

const Pool = z.looseObject({
  services: z
    .array(z.looseObject({ id: z.string(), weight: Share, priority: Share }))
    .min(1, 'A pool has between 1 and 30 services.')
    .max(30, 'A pool has between 1 and 30 services.'),
})

const Credentials = z.looseObject({
  certificate: z.array(z.string()).max(32).nullish(),
  certificateIds: z.array(z.string()).max(32).nullish(),
  query: z.record(z.string(), z.array(z.string())).nullish(),
  header: z.record(z.string(), z.array(z.string())).nullish(),
  authorization: z.looseObject({ scheme: z.string().max(100), parameter: z.string().max(300) }).nullish(),
})

const Backend = z
  .looseObject({
    type: z.enum(['Single', 'Pool']).default('Single'),
    title: z.string().max(300).nullish(),
    description: z.string().max(2000).nullish(),
    url: z.string().min(1).max(2000).nullish(),
    protocol: z.enum(['http', 'soap']).nullish(),
    resourceId: z.string().max(2000).nullish(),
    pool: Pool.nullish(),
    credentials: Credentials.nullish(),
    tls: z
      .looseObject({
        validateCertificateChain: z.boolean().default(true),
        validateCertificateName: z.boolean().default(true),
      })
      .nullish(),
    proxy: z.looseObject({ url: z.string() }).nullish(),
    circuitBreaker: CircuitBreaker.nullish(),
  })
  .superRefine(({ type, ...backend }, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (type === 'Pool') {
      if (!backend.pool) complain('pool', 'Pool is required for backend pool.')
      for (const name of ['url', 'protocol', 'circuitBreaker', 'credentials', 'tls'] as const)
        if (backend[name])
          complain(name, `${name[0]?.toUpperCase()}${name.slice(1)} is not supported for backend pool.`)
      return
    }
    if (backend.pool) complain('pool', 'Pool is not supported for single backend.')
    if (!backend.url) complain('url', 'Url is required for single backend.')
    else if (!/^https?:\/\//i.test(backend.url)) complain('url', 'Url must begin with http:// or https://.')
    if (!backend.protocol) complain('protocol', 'Protocol is required for single backend.')
  })
type Backend = z.infer<typeof Backend>

const own = entity('backends', 'Backend')

export const backends: Kind = defineKind<Backend>({
  ...own,
  shape: Backend,
  novelties: [
    { path: 'pool.sessionAffinity', since: '2024-10-01-preview' },
    { path: 'pool.failureResponse', since: '2024-10-01-preview' },
    { path: 'circuitBreaker.rules.[].failureResponse', since: '2024-10-01-preview' },
    { path: 'pool.services.[].preferredCarbonEmission', since: '2025-03-01-preview' },
    { path: 'azureRegion', since: '2025-03-01-preview' },
  ],
  check: (draft, before, azure) => {
    own.check(draft as Resource, before, azure)
    for (const { id } of draft.properties.pool?.services ?? []) checkMember(id, draft.id, azure)
    if (
      draft.properties.type === 'Pool' &&
      azure.referrers(draft.id).some(({ reference: { as } }) => as === 'pools')
    )
      throw faulty({ target: 'type', message: 'It is a member of a pool and cannot become one.' })
  },
  references: (backend) => membersOf(backend).map((to) => ({ to, as: 'pools' })),
  shown: ({ id, properties: { pool } }, azure) => ({
    properties: pool
      ? {
          pool: {
            ...pool,
            services: pool.services.map((service) => {
              const full = fullId(service.id, id)
              return { ...service, id: azure.find(full)?.id ?? full }
            }),
          },
        }
      : {},
  }),
})

const membersOf = ({ id, properties: { pool } }: Resource<Backend>) =>
  (pool?.services ?? []).map((service) => fullId(service.id, id))

function checkMember(pointer: string, poolId: string, azure: Azure): void {
  const id = fullId(pointer, poolId)
  const member = azure.find(id)
  const isHere = sameId(serviceIdOf(id), serviceIdOf(poolId)) && keyOf(member?.type ?? '') === keyOf(own.type)
  if (!member || !isHere)
    throw faulty({ target: 'pool', message: `Backend Entity '${nameOf(id)}' not found.` })
  if (sameId(member.id, poolId) || member.properties['type'] === 'Pool')
    throw faulty({
      target: 'pool',
      message: `Backend Entity '${nameOf(id)}' is a pool: a pool cannot be a member of a pool.`,
    })
}

export const reconnect = onEntity('backends/{}', 'reconnect', () => ({ status: 202 }))

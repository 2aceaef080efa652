import type { Azure } from '../../arm/azure.ts'
import { conflict, type Fault, Refusal } from '../../arm/errors.ts'
import { nameOf } from '../../arm/ids.ts'
import type { Action, Answer, Asynchrony, Kind, Removal, Resource } from '../../arm/kind.ts'

/** What all children of a service share: one way to refuse, one way to wait, an etag that PATCH and DELETE must name. */

export const SERVICE = 'Microsoft.ApiManagement/service'
const ANY_NAME = /^[^*#&+:<>?]+$/

const SERVICE_ID = /^.*\/providers\/microsoft\.apimanagement\/service\/[^/]+/i
export const serviceIdOf = (id: string) => SERVICE_ID.exec(id)?.[0] ?? id

/** `/backends/x`, as APIM's own messages name an entity. */
export const shortId = (id: string) => id.slice(serviceIdOf(id).length)

/** Full ARM id of an entity of the same service, however it was pointed at: `/backends/x`, or in full. */
export const fullId = (pointer: string, of: string) =>
  SERVICE_ID.test(pointer) ? pointer : `${serviceIdOf(of)}${pointer.startsWith('/') ? '' : '/'}${pointer}`

export const faulty = (...faults: { target: string; message: string }[]) =>
  new Refusal(400, 'ValidationError', 'One or more fields contain incorrect values:', {
    details: faults.map(({ target, message }) => ({ code: 'ValidationError', target, message })),
  })

/** Of what Azure has and the lab does not play. */
export const notPlayed = (what: string) =>
  new Refusal(
    400,
    'NotSimulated',
    `${what}: Azure does this, the simulated one does not (lab/azure/README.md).`,
  )

const asynchrony: Asynchrony = {
  create: 202,
  headers: ['Location'],
  retryAfterSeconds: 2,
  status: ({ id }) => `${serviceIdOf(id)}/operationStatuses`,
  result: ({ id }) => `${serviceIdOf(id)}/operationResults`,
}

/** The parts of a description that all entities have in common. `called`: how the service names one in its messages. */
export const entity = (path: string, called: string) =>
  ({
    type: `${SERVICE}/${path}`,
    name: { pattern: ANY_NAME, most: 80 },
    since: '2021-08-01',
    region: 'none',
    methods: ['PUT', 'PATCH', 'DELETE'] as Kind['methods'],
    patched: 'merge',
    readOnly: [],
    etag: 'header',
    matchRequired: true,
    stateless: true,
    apart: true,
    asynchrony,
    malformed: (faults: Fault[]) =>
      faulty(
        ...faults.map(({ target = '', message }) => ({
          target: target.replace(/^properties\./, ''),
          message,
        })),
      ),
    busy: [
      {
        share: 1,
        refuse: () => conflict('PessimisticConcurrencyConflict', `Operation on the ${called} is in progress`),
      },
    ],
    missing: () => new Refusal(404, 'ResourceNotFound', `${called} not found.`),
    check: ({ id }: Resource, _before: unknown, azure: Azure) => checkServiceReady(id, azure),
    blocked: (resource: Resource, azure: Azure, removal: Removal) =>
      removalRefused(resource, called, azure, removal),
  }) satisfies Partial<Kind>

/** Nothing can be written into a service that is coming up, changing or going. */
function checkServiceReady(id: string, azure: Azure): void {
  const refusal = unready(id, azure)
  if (refusal) throw refusal
}

function unready(id: string, azure: Azure): Refusal | undefined {
  const service = azure.find(serviceIdOf(id))
  if (!service || service.state === 'Succeeded' || (service.state === 'Failed' && service.settledAt))
    return undefined
  return conflict(
    'ServiceLocked',
    `The API Service ${nameOf(service.id)} is transitioning at this time. Please try the request again later.`,
  )
}

/** An entity that others point at stays; as a part of what is to go it cannot hold that up. */
function removalRefused(
  resource: Resource,
  called: string,
  azure: Azure,
  { root }: Removal,
): Refusal | undefined {
  if (resource !== root) return undefined
  const refusal = unready(resource.id, azure)
  if (refusal) return refusal
  const users = azure.referrers(resource.id).map(({ resource: { id } }) => `${shortId(id)}\r\n`)
  if (users.length === 0) return undefined
  return new Refusal(
    400,
    'ValidationError',
    `The ${called} '${nameOf(resource.id)}' is used by the following entities:\r\n${users.join('')}`,
  )
}

/** A POST to an entity: `listSecrets`, `reconnect`. */
export const onEntity = (
  path: string,
  verb: string,
  run: (entity: Resource, azure: Azure) => Answer,
): Action => ({
  method: 'POST',
  path: `/subscriptions/{}/resourceGroups/{}/providers/${SERVICE}/{}/${path}/${verb}`,
  run: (call, azure) => {
    const found = azure.find(call.path.slice(0, call.path.lastIndexOf('/')))
    if (!found) throw new Refusal(404, 'ResourceNotFound', `${path.split('/')[0]} entity not found.`)
    return run(found, azure)
  },
})

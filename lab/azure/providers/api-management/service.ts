import type { Azure } from '../../arm/azure.ts'
import { conflict, Refusal } from '../../arm/errors.ts'
import { keyOf, nameOf, sameId, subscriptionOf } from '../../arm/ids.ts'
import {
  type Action,
  type Asynchrony,
  defineKind,
  type Kind,
  type Properties,
  type Provider,
  type Reference,
  type Resource,
} from '../../arm/kind.ts'
import { page } from '../../arm/read.ts'
import { regionCode } from '../../regions.ts'
import { activationProblem } from './activation.ts'
import { privateAddresses, publicAddresses } from './addresses.ts'
import { deletedServices, graveFor, graveOf } from './deleted-services.ts'
import { entities, entityActions } from './entities.ts'
import { checkService } from './rules.ts'
import { Service, subnetOf } from './shape.ts'

const NAMESPACE = 'Microsoft.ApiManagement'
const NAME = { pattern: /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/i, most: 50 }

/** Names that someone else on Earth holds: an APIM name is a public DNS label. */
const TAKEN_ELSEWHERE = ['apim', 'contoso', 'fabrikam']

const operationsAt = ({ id, location }: Resource) =>
  `/subscriptions/${subscriptionOf(id)}/providers/${NAMESPACE}/locations/${regionCode(location ?? '')}`

const asynchrony: Asynchrony = {
  create: 201,
  headers: ['Azure-AsyncOperation', 'Location'],
  retryAfterSeconds: 60,
  status: (resource) => `${operationsAt(resource)}/operationStatuses`,
  result: (resource) => `${operationsAt(resource)}/operationResults`,
}

const HELD_HOURS = [1, 6] as const
const HOUR_MS = 3_600_000
type Held = { subnetId: string; until: number }

const services: Kind = defineKind<Service>({
  type: `${NAMESPACE}/service`,
  name: NAME,
  since: '2021-08-01',
  methods: ['PUT', 'PATCH', 'DELETE'],
  region: 'own',
  regionStyle: 'display',
  shape: Service,
  malformed: 'ValidationError',
  readOnly: [
    'targetProvisioningState',
    'createdAtUtc',
    'gatewayUrl',
    'gatewayRegionalUrl',
    'portalUrl',
    'developerPortalUrl',
    'managementApiUrl',
    'scmUrl',
    'publicIPAddresses',
    'privateIPAddresses',
    'outboundPublicIPAddresses',
    'platformVersion',
    'privateEndpointConnections',
  ],
  etag: 'plain',
  asynchrony,
  busy: [
    {
      share: 1,
      refuse: (id) =>
        conflict(
          'ServiceLocked',
          `The API Service ${nameOf(id)} is transitioning at this time. Please try the request again later.`,
        ),
    },
  ],
  patched: 'merge',
  revived: ({ properties: { restore, ...properties }, ...draft }, before, azure) => {
    const grave = before ? undefined : graveOf(nameOf(draft.id), azure)
    const asked = { ...draft, properties }
    if (!grave) return asked
    if (!restore)
      throw conflict(
        'ServiceAlreadyExistsInSoftDeletedState',
        `Api service ${nameOf(draft.id)} was soft-deleted. In order to create the new service with the same name, you have to either undelete the service or purge it.`,
      )
    azure.erase(grave.id)
    // Everything but the name is taken from what was deleted.
    const { properties: was, beside, tags } = grave.service as unknown as Resource<Service>
    return { ...asked, properties: was, beside, ...(tags ? { tags } : {}) }
  },
  born: ({ createdAt }) => ({ createdAtUtc: new Date(createdAt).toISOString() }),
  check: (draft, before, azure) => {
    if (!before && isTaken(nameOf(draft.id), draft.id, azure))
      throw conflict('ServiceAlreadyExists', `Api service already exists: ${nameOf(draft.id)}`)
    checkService(draft, before, azure)
  },
  references: (service, now) => {
    const { publicIpAddressId } = service.properties
    return [
      ...subnetsOf(service, now).map(
        (to): Reference => ({ to, as: 'ipConfigurations', by: `${service.id}/ipConfigurations/gateway` }),
      ),
      ...(publicIpAddressId
        ? [{ to: publicIpAddressId, as: 'ipConfiguration', by: `${service.id}/ipConfigurations/outbound` }]
        : []),
    ]
  },
  settled: (service, verb, azure) => {
    if (verb === 'delete') return {}
    const problem = activationProblem(service, azure)
    if (problem) return { failed: { code: 'ActivationFailed', message: problem } }
    const subnetId = subnetOf(service)
    const stayed = sameId(String(service.hidden?.['subnetId']), subnetId)
    azure.keep({ ...service, hidden: { ...service.hidden, ...moved(service, subnetId, azure) } } as Resource)
    return {
      ...urls(nameOf(service.id), service.location ?? ''),
      platformVersion: 'stv2.1',
      publicIPAddresses: publicAddresses(service, azure),
      outboundPublicIPAddresses: publicAddresses(service, azure),
      privateIPAddresses: stayed ? service.assigned['privateIPAddresses'] : privateAddresses(service, azure),
    }
  },
  shown: ({ state, id, beside }, azure) => ({
    ...identityOf(id, beside, azure),
    properties: { targetProvisioningState: state === 'Succeeded' || state === 'Failed' ? '' : state },
  }),
  gone: (service, azure) => {
    const grave = graveFor(service as unknown as Resource, azure)
    azure.keep(grave.resource)
    azure.agenda.add({ at: grave.purgedAt, what: 'vanish', subject: grave.resource.id })
  },
})

/** The subnet it is in, the one it is moving out of, and those it left but has not let go of. */
function subnetsOf(service: Resource<Service>, now: number): string[] {
  const held = ((service.hidden?.['held'] ?? []) as Held[]).filter(({ until }) => until > now)
  const ids = [subnetOf(service), service.hidden?.['subnetId'], ...held.map(({ subnetId }) => subnetId)]
  const distinct = new Map(ids.filter((id) => typeof id === 'string').map((id) => [keyOf(id), id]))
  return [...distinct.values()]
}

function moved(service: Resource<Service>, subnetId: string | undefined, azure: Azure): Properties {
  const { subnetId: former, held = [] } = (service.hidden ?? {}) as { subnetId?: string; held?: Held[] }
  if (!former || sameId(former, subnetId)) return { subnetId }
  const hours = azure.draw.between(HELD_HOURS, 'held', keyOf(service.id), keyOf(former))
  return { subnetId, held: [...held, { subnetId: former, until: azure.clock.now() + hours * HOUR_MS }] }
}

function identityOf(id: string, beside: Properties, azure: Azure): Properties {
  const identity = beside['identity'] as { type?: string } | undefined
  if (!identity?.type?.includes('SystemAssigned')) return {}
  const principalId = azure.draw.uuid('principal', keyOf(id))
  return { identity: { ...identity, principalId, tenantId: azure.tenantId } }
}

const urls = (name: string, location: string) => ({
  gatewayUrl: `https://${name}.azure-api.net`,
  gatewayRegionalUrl: `https://${name}-${regionCode(location)}-01.regional.azure-api.net`,
  portalUrl: `https://${name}.portal.azure-api.net`,
  developerPortalUrl: `https://${name}.developer.azure-api.net`,
  managementApiUrl: `https://${name}.management.azure-api.net`,
  scmUrl: `https://${name}.scm.azure-api.net`,
})

const isTaken = (name: string, except: string | undefined, azure: Azure) =>
  TAKEN_ELSEWHERE.includes(keyOf(name)) ||
  azure.all(services.type).some(({ id }) => keyOf(nameOf(id)) === keyOf(name) && !sameId(id, except))

const actions: Action[] = [
  {
    method: 'POST',
    path: `/subscriptions/{}/providers/${NAMESPACE}/checkNameAvailability`,
    run: ({ body }, azure) => {
      const name = (body as { name?: unknown } | undefined)?.name
      if (typeof name !== 'string') throw new Refusal(400, 'ValidationError', 'The name is required.')
      const answer = (reason: string, message: string | null) => ({
        status: 200,
        body: { nameAvailable: reason === 'Valid', reason, message },
      })
      if (name.length > NAME.most || !NAME.pattern.test(name))
        return answer('Invalid', `${name} is not a valid service name.`)
      return isTaken(name, undefined, azure) || graveOf(name, azure)
        ? answer('AlreadyExists', `${name} is already in use. Please select a different name.`)
        : answer('Valid', null)
    },
  },
  {
    method: 'GET',
    path: `/subscriptions/{}/providers/${NAMESPACE}/deletedservices`,
    run: (call, azure) => page(call, azure.all(deletedServices.type), azure),
  },
]

export const apiManagement: Provider = {
  namespace: NAMESPACE,
  kinds: [services, deletedServices, ...entities],
  actions: [...actions, ...entityActions],
  later: [`${NAMESPACE}/service/`],
}

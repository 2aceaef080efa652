import { z } from 'zod'
import type { Azure } from '../arm/azure.ts'
import { removalBlocked } from '../arm/blocked.ts'
import { Refusal, subscriptionNotFound } from '../arm/errors.ts'
import { keyOf, nameOf, subscriptionOf } from '../arm/ids.ts'
import { type Action, defineKind, type Kind, type Provider, type Resource, type Verb } from '../arm/kind.ts'
import { show, visible } from '../arm/show.ts'
import { REGIONS } from '../regions.ts'

const operationsAt = ({ id }: Resource) => `/subscriptions/${subscriptionOf(id)}/operationresults`

const resourceGroups: Kind = defineKind({
  type: 'Microsoft.Resources/resourceGroups',
  name: { pattern: /^[-\w().\p{L}\p{N}]*[-\w()\p{L}\p{N}]$/u, most: 90 },
  since: '2014-04-01',
  methods: ['PUT', 'PATCH', 'DELETE'],
  region: 'own',
  shape: z.looseObject({}),
  readOnly: [],
  etag: 'header',
  asynchrony: {
    create: 201,
    headers: ['Location'],
    retryAfterSeconds: 15,
    status: operationsAt,
    result: operationsAt,
  },
  busy: [
    {
      share: 1,
      refuse: (id) =>
        new Refusal(
          409,
          'ResourceGroupBeingDeleted',
          `The resource group '${nameOf(id)}' is in deprovisioning state and cannot perform this operation.`,
        ),
    },
  ],
  patched: 'tags',
  container: true,
  settled: (group, verb, azure) => (verb === 'delete' ? emptied(group, verb, azure) : {}),
})

/** Deletes everything in a group, round by round, as long as something can be deleted. */
function emptied(group: Resource, _verb: Verb, azure: Azure) {
  for (;;) {
    const inside = azure.under(group.id)
    if (inside.length === 0) return {}
    const free = inside.filter(
      (resource) => !azure.kind(resource.type)?.deletedByNameOnly && !removalBlocked(resource, azure),
    )
    if (free.length === 0) {
      const names = inside.map(({ id }) => id.slice(group.id.length + 1)).join(', ')
      return {
        failed: {
          code: 'ResourceGroupDeletionBlocked',
          message: `Deletion of resource group '${nameOf(group.id)}' failed as resources with identifiers '${names}' could not be deleted.`,
        },
      }
    }
    for (const resource of free) azure.erase(resource.id)
  }
}

const subscription = (azure: Azure) => ({
  id: `/subscriptions/${azure.subscriptionId}`,
  subscriptionId: azure.subscriptionId,
  tenantId: azure.tenantId,
  displayName: 'Contoso (lab)',
  state: 'Enabled',
  authorizationSource: 'RoleBased',
})

const registration = (namespace: string, azure: Azure) => {
  const provider = azure.providers.find((one) => keyOf(one.namespace) === keyOf(namespace))
  if (!provider)
    throw new Refusal(404, 'InvalidResourceNamespace', `The resource namespace '${namespace}' is invalid.`)
  return {
    id: `/subscriptions/${azure.subscriptionId}/providers/${provider.namespace}`,
    namespace: provider.namespace,
    registrationPolicy: 'RegistrationRequired',
    registrationState: azure.world.registrations.get(keyOf(namespace)) ?? 'NotRegistered',
    resourceTypes: provider.kinds.map((kind) => ({
      resourceType: kind.type.slice(kind.type.indexOf('/') + 1),
      locations: kind.region === 'own' ? Object.values(REGIONS) : kind.region === 'global' ? ['global'] : [],
      apiVersions: [kind.since],
      capabilities: 'None',
    })),
  }
}

const REGISTERING_MS = 90_000

/** Microsoft.Resources keeps its addresses outside /providers, so they are all actions. */
const actions: Action[] = [
  {
    method: 'GET',
    path: '/subscriptions',
    run: (_call, azure) => ({ status: 200, body: { value: [subscription(azure)] } }),
  },
  {
    method: 'GET',
    path: '/subscriptions/{}',
    run: ({ params: [id = ''] }, azure) => {
      if (keyOf(id) !== keyOf(azure.subscriptionId)) throw subscriptionNotFound(id)
      return { status: 200, body: subscription(azure) }
    },
  },
  {
    method: 'GET',
    path: '/subscriptions/{}/locations',
    run: (_call, azure) => ({
      status: 200,
      body: {
        value: Object.entries(REGIONS).map(([name, displayName]) => ({
          id: `/subscriptions/${azure.subscriptionId}/locations/${name}`,
          name,
          type: 'Region',
          displayName,
          regionalDisplayName: displayName,
        })),
      },
    }),
  },
  {
    method: 'GET',
    path: '/subscriptions/{}/resources',
    run: (_call, azure) => ({
      status: 200,
      body: { value: tracked(`/subscriptions/${azure.subscriptionId}`, azure) },
    }),
  },
  {
    method: 'GET',
    path: '/subscriptions/{}/resourceGroups/{}/resources',
    run: ({ params: [id, group] }, azure) => ({
      status: 200,
      body: { value: tracked(`/subscriptions/${id}/resourceGroups/${group}`, azure) },
    }),
  },
  {
    method: 'GET',
    path: '/subscriptions/{}/providers',
    run: (_call, azure) => ({
      status: 200,
      body: { value: azure.providers.map(({ namespace }) => registration(namespace, azure)) },
    }),
  },
  {
    method: 'GET',
    path: '/subscriptions/{}/providers/{}',
    run: ({ params: [, namespace = ''] }, azure) => ({ status: 200, body: registration(namespace, azure) }),
  },
  ...(['register', 'unregister'] as const).map(
    (verb): Action => ({
      method: 'POST',
      path: `/subscriptions/{}/providers/{}/${verb}`,
      run: ({ params: [, namespace = ''] }, azure) => {
        registration(namespace, azure)
        const { registrations } = azure.world
        if (verb === 'unregister') registrations.put(keyOf(namespace), 'NotRegistered')
        else if (registrations.get(keyOf(namespace)) !== 'Registered') {
          registrations.put(keyOf(namespace), 'Registering')
          azure.agenda.add({
            at: azure.clock.now() + REGISTERING_MS,
            what: 'registered',
            subject: keyOf(namespace),
          })
        }
        return { status: 200, body: registration(namespace, azure) }
      },
    }),
  ),
]

/** Lists across types show tracked resources, without their properties. */
const tracked = (scope: string, azure: Azure) =>
  azure
    .under(scope)
    .filter(
      (resource) => resource.location && resource.type !== resourceGroups.type && visible(resource, azure),
    )
    .map((resource) => {
      const { properties: _, etag: _etag, ...rest } = show(resource, azure)
      return rest
    })

export const resources: Provider = { namespace: 'Microsoft.Resources', kinds: [resourceGroups], actions }

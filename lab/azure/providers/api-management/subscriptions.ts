import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { keyOf, sameId } from '../../arm/ids.ts'
import { type Action, defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { iso } from '../../clock.ts'
import { entity, faulty, fullId, onEntity, SERVICE, serviceIdOf, shortId } from './entity.ts'

const Key = z.string().min(1).max(256).nullish()

const Subscription = z.looseObject({
  displayName: z.string('The field is required.').min(1).max(100),
  scope: z.string('The field is required.').min(1),
  ownerId: z.string().nullish(),
  state: z
    .enum(['suspended', 'active', 'expired', 'submitted', 'rejected', 'cancelled'])
    .default('submitted'),
  allowTracing: z.boolean().default(false),
  stateComment: z.string().nullish(),
  primaryKey: Key,
  secondaryKey: Key,
})
type Subscription = z.infer<typeof Subscription>

const own = entity('subscriptions', 'Subscription')

/** Keys are drawn at birth and told by POST alone. */
export const subscriptions: Kind = defineKind<Subscription>({
  ...own,
  name: { ...own.name, most: 256 },
  shape: Subscription,
  readOnly: ['createdDate', 'startDate', 'endDate', 'expirationDate', 'notificationDate'],
  born: ({ id, createdAt }, azure) => ({
    ...Object.fromEntries(KEYS.map((key) => [key, drawnKey(id, key, azure)])),
    createdDate: iso(createdAt),
  }),
  check: (draft, before, azure) => {
    own.check(draft as Resource, before, azure)
    const scope = scopeOf(draft)
    const isWhole = sameId(scope, serviceIdOf(draft.id)) || keyOf(shortId(scope)) === '/apis'
    const isEntity = /^\/(apis|products)\/[^/]+$/i.test(shortId(scope))
    if (!isWhole && !(isEntity && azure.find(scope)))
      throw faulty({
        target: 'scope',
        message: `Scope '${draft.properties.scope}' is not an API or product of this service.`,
      })
  },
  shown: (subscription, azure) => {
    const scope = scopeOf(subscription)
    return {
      properties: {
        scope: azure.find(scope)?.id ?? scope,
        primaryKey: undefined,
        secondaryKey: undefined,
      },
    }
  },
})

const KEYS = ['primaryKey', 'secondaryKey'] as const
type Key = (typeof KEYS)[number]

const drawnKey = (id: string, key: Key, azure: Azure) =>
  azure.draw.uuid(key, keyOf(id), azure.attempt(`${key} ${id}`)).replaceAll('-', '')

const scopeOf = ({ id, properties: { scope } }: Resource<Subscription>) =>
  fullId(scope.replace(/\/$/, ''), id)

/** The subscriptions to one API or one product. */
export const subscriptionsTo = (id: string, azure: Azure) =>
  azure
    .children(serviceIdOf(id), `${SERVICE}/subscriptions`)
    .filter((subscription) => sameId(scopeOf(subscription as unknown as Resource<Subscription>), id))

const regenerate = (key: Key, verb: string): Action =>
  onEntity('subscriptions/{}', verb, (subscription, azure) => {
    const { [key]: _, ...properties } = subscription.properties
    const assigned = { ...subscription.assigned, [key]: drawnKey(subscription.id, key, azure) }
    azure.keep({ ...subscription, properties, assigned })
    return { status: 204 }
  })

export const subscriptionActions: Action[] = [
  onEntity('subscriptions/{}', 'listSecrets', ({ properties, assigned }) => ({
    status: 200,
    body: Object.fromEntries(KEYS.map((key) => [key, properties[key] ?? assigned[key]])),
  })),
  regenerate('primaryKey', 'regeneratePrimaryKey'),
  regenerate('secondaryKey', 'regenerateSecondaryKey'),
]

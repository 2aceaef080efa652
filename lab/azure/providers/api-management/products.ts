import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { Refusal } from '../../arm/errors.ts'
import { nameOf, sameId } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { show } from '../../arm/show.ts'
import { entity, faulty, fullId, serviceIdOf } from './entity.ts'
import { subscriptionsTo } from './subscriptions.ts'

const Product = z.looseObject({
  displayName: z.string('The field is required.').min(1).max(300),
  description: z.string().max(1000).nullish(),
  terms: z.string().nullish(),
  subscriptionRequired: z.boolean().default(true),
  approvalRequired: z.boolean().nullish(),
  subscriptionsLimit: z.int().min(1).nullish(),
  state: z.enum(['published', 'notPublished']).default('notPublished'),
})
type Product = z.infer<typeof Product>

const own = entity('products', 'Product')

export const products: Kind = defineKind<Product>({
  ...own,
  name: { ...own.name, most: 256 },
  shape: Product,
  shown: ({ properties: { subscriptionRequired, approvalRequired } }) => ({
    properties: subscriptionRequired ? { approvalRequired: approvalRequired ?? false } : {},
  }),
  blocked: (product, azure, removal) => {
    const isAlone = (product as Resource) === removal.root
    if (!isAlone) return undefined
    const hasSubscriptions = subscriptionsTo(product.id, azure).length > 0
    if (hasSubscriptions && removal.query?.get('deleteSubscriptions') !== 'true')
      return new Refusal(
        400,
        'ValidationError',
        `Product '${nameOf(product.id)}' has subscriptions: delete them first, or with deleteSubscriptions=true.`,
      )
    return own.blocked(product as Resource, azure, removal)
  },
  gone: (product, azure) => {
    for (const { id } of subscriptionsTo(product.id, azure)) azure.erase(id)
  },
})

const { matchRequired: _, ...link } = entity('products/apis', 'API')

export const productApis: Kind = defineKind({
  ...link,
  name: { ...link.name, most: 256 },
  shape: z.looseObject({}),
  methods: ['PUT', 'DELETE'],
  link: true,
  check: (draft, before, azure) => {
    link.check(draft as Resource, before, azure)
    if (!azure.find(apiOf(draft.id))) throw link.missing()
  },
  shown: ({ id }, azure) => {
    const api = azure.find(apiOf(id))
    return api ? { properties: show(api, azure).properties } : {}
  },
})

const ProductApiLink = z.looseObject({ apiId: z.string('The field is required.').min(1) })
type ProductApiLink = z.infer<typeof ProductApiLink>

const { matchRequired: _unasked, ...readableLink } = entity('products/apiLinks', 'Product API link')

/** The same place of an API in a product, as an entity that can be read. The lab keeps the two apart; Azure shows one under both (unverified). */
export const productApiLinks: Kind = defineKind<ProductApiLink>({
  ...readableLink,
  methods: ['PUT', 'DELETE'],
  shape: ProductApiLink,
  check: (draft, before, azure) => {
    readableLink.check(draft as Resource, before, azure)
    if (!azure.find(fullId(draft.properties.apiId, draft.id)))
      throw faulty({ target: 'apiId', message: `API ${draft.properties.apiId} was not found.` })
  },
  shown: ({ id, properties: { apiId } }) => ({ properties: { apiId: fullId(apiId, id) } }),
})

const apiOf = (linkId: string) => `${serviceIdOf(linkId)}/apis/${nameOf(linkId)}`

/** With an API go its places in products and the subscriptions to it alone. */
export function eraseFollowersOf(apiId: string, azure: Azure): void {
  const links = azure.all(productApis.type).filter(({ id }) => sameId(apiOf(id), apiId))
  const readable = azure
    .all(productApiLinks.type)
    .filter(({ id, properties }) => sameId(fullId(String(properties['apiId']), id), apiId))
  for (const { id } of [...links, ...readable, ...subscriptionsTo(apiId, azure)]) azure.erase(id)
}

import type { Azure } from '../arm/azure.ts'
import { itemsOf } from './items.ts'
import { invalid } from './refused.ts'
import { listed } from './response-store.ts'
import type { Body } from './tokens.ts'

/** What was said so far, kept by a project for whoever goes on with it. */
export type StoredConversation = {
  place: string
  id: string
  createdAt: number
  metadata: object
  items: Body[]
}

const shown = ({ id, createdAt, metadata }: StoredConversation): Body => ({
  id,
  object: 'conversation',
  created_at: Math.floor(createdAt / 1000),
  metadata,
})

const itemsIn = ({ items }: Body, azure: Azure) => (items === undefined ? [] : itemsOf(items, azure, 'items'))

const metadataIn = ({ metadata }: Body): object =>
  typeof metadata === 'object' && metadata !== null ? metadata : {}

export function begin(place: string, body: Body, azure: Azure): Body {
  const id = `conv_${azure.draw.uuid('conversation', azure.attempt('conversation')).replaceAll('-', '')}`
  const conversation: StoredConversation = {
    place,
    id,
    createdAt: azure.clock.now(),
    metadata: metadataIn(body),
    items: itemsIn(body, azure),
  }
  azure.world.conversations.put(id, conversation)
  return shown(conversation)
}

export function conversation(place: string, id: string, azure: Azure): StoredConversation {
  const found = azure.world.conversations.get(id)
  if (!found || found.place !== place)
    throw invalid(`Conversation with id '${id}' not found.`, null, null, 404)
  return found
}

export function append(place: string, id: string, items: Body[], azure: Azure): void {
  const found = conversation(place, id, azure)
  azure.world.conversations.put(id, { ...found, items: [...found.items, ...items] })
}

export const read = (place: string, id: string, azure: Azure) => shown(conversation(place, id, azure))

export function update(place: string, id: string, body: Body, azure: Azure): Body {
  const changed = { ...conversation(place, id, azure), metadata: metadataIn(body) }
  azure.world.conversations.put(id, changed)
  return shown(changed)
}

export const items = (place: string, id: string, azure: Azure) => listed(conversation(place, id, azure).items)

export function addItems(place: string, id: string, body: Body, azure: Azure): Body {
  const added = itemsIn(body, azure)
  append(place, id, added, azure)
  return listed(added)
}

export function end(place: string, id: string, azure: Azure): Body {
  conversation(place, id, azure)
  azure.world.conversations.delete(id)
  return { id, object: 'conversation.deleted', deleted: true }
}

import type { Azure } from '../arm/azure.ts'
import { invalid } from './refused.ts'
import { type Body, isBody, textOf, tokensOf } from './tokens.ts'

/** An id of the world's own: by the seed and how many there were. */
export const newId = (kind: 'resp' | 'msg' | 'cmp', azure: Azure) =>
  `${kind}_${azure.draw.uuid('item', kind, azure.attempt(`item ${kind}`)).replaceAll('-', '')}`

/** Text, or a list of messages and other items, as a list of items with ids. */
export function itemsOf(given: unknown, azure: Azure, param: string): Body[] {
  if (typeof given === 'string' && given)
    return [message('user', [{ type: 'input_text', text: given }], azure)]
  if (!Array.isArray(given) || given.length === 0 || !given.every(isBody))
    throw invalid(`Invalid '${param}': expected text or a list of items.`, param, 'invalid_value')
  return given.map((item) => ({
    ...item,
    type: item['type'] ?? 'message',
    id: item['id'] ?? newId('msg', azure),
  }))
}

const message = (role: string, content: Body[], azure: Azure): Body => ({
  id: newId('msg', azure),
  type: 'message',
  status: 'completed',
  role,
  content,
})

export const answerItem = (text: string, azure: Azure): Body =>
  message('assistant', [{ type: 'output_text', text, annotations: [], logprobs: [] }], azure)

export const tokensOfItems = (items: Body[]) =>
  items.reduce((sum, { content }) => sum + tokensOf(textOf(content)), 0)

import { piecesOf } from './generate.ts'
import { namedEvent } from './reply.ts'
import type { Body } from './tokens.ts'

/** A response as it is streamed, from `response.created` to `response.completed` (or `incomplete`); there is no [DONE]. */
export async function* responseEvents(response: Body, answer: Body, text: string): AsyncIterable<string> {
  let sequence = 0
  const event = (type: string, more: object) => namedEvent(type, { sequence_number: sequence++, ...more })
  const begun = { ...response, status: 'in_progress', output: [], usage: null, incomplete_details: null }
  const item = { output_index: 0, item_id: answer['id'], content_index: 0 }
  const part = { type: 'output_text', annotations: [], logprobs: [] }
  yield event('response.created', { response: begun })
  yield event('response.in_progress', { response: begun })
  yield event('response.output_item.added', {
    output_index: 0,
    item: { ...answer, status: 'in_progress', content: [] },
  })
  yield event('response.content_part.added', { ...item, part: { ...part, text: '' } })
  for (const delta of piecesOf(text))
    yield event('response.output_text.delta', { ...item, delta, logprobs: [] })
  yield event('response.output_text.done', { ...item, text, logprobs: [] })
  yield event('response.content_part.done', { ...item, part: { ...part, text } })
  yield event('response.output_item.done', { output_index: 0, item: answer })
  yield event(response['status'] === 'completed' ? 'response.completed' : 'response.incomplete', { response })
}

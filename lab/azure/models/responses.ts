import type { Azure } from '../arm/azure.ts'
import { append, conversation } from './conversations.ts'
import { answerItem, itemsOf, newId, tokensOfItems } from './items.ts'
import { invalid } from './refused.ts'
import type { Reply } from './reply.ts'
import { responseEvents } from './response-events.ts'
import { keep, previous, type StoredResponse } from './response-store.ts'
import { type Body, countIn, isBody, missing, tokensOf } from './tokens.ts'

/** What a model made of a prompt, wherever it ran. */
export type Spoken = {
  text: string
  prompt: number
  cached: number
  completion: number
  finish: 'stop' | 'length'
  firstTokenMs: number
  totalMs: number
  headers: Record<string, string>
}

/** What is about to be said to a model. */
export type Turn = { prompt: number; most: number | undefined; instructions: string; heard: Body[] }

/** `place`: the account's or project's life that owns what is stored. `marks` go into the response. */
export type Speaker = {
  place: string
  model: string
  marks?: Body
  speak(turn: Turn): Spoken | Promise<Spoken>
}

/** POST /responses. What came before counts as prompt, as Azure bills it. */
export async function createResponse(body: Body, speaker: Speaker, azure: Azure): Promise<Reply> {
  if (body['input'] === undefined) throw missing('input')
  const isStored = body['store'] !== false
  const isBackground = body['background'] === true
  if (isBackground && !isStored)
    throw invalid("'background' requires 'store' to be true.", 'background', 'invalid_value')
  const input = itemsOf(body['input'], azure, 'input')
  const { before, heard, conversationId } = saidBefore(body, speaker.place, azure)
  const instructions = typeof body['instructions'] === 'string' ? body['instructions'] : ''
  const prompt = Math.max(1, before + tokensOf(instructions) + tokensOfItems(input))
  const most = countIn(body, 'max_output_tokens')
  const spoken = await speaker.speak({ prompt, most, instructions, heard: [...heard, ...input] })

  const answer = answerItem(spoken.text, azure)
  const response = {
    ...responseBody(body, speaker, spoken, answer, azure),
    ...(conversationId ? { conversation: { id: conversationId } } : {}),
  }
  if (conversationId) append(speaker.place, conversationId, [...input, answer], azure)
  const stored: StoredResponse = {
    place: speaker.place,
    createdAt: azure.clock.now(),
    response,
    input,
    ...(isBackground ? { completesAt: azure.clock.now() + spoken.totalMs } : {}),
  }
  if (isStored) keep(stored, azure)
  const { headers, firstTokenMs, totalMs } = spoken
  if (isBackground)
    return { body: { ...response, status: 'queued', output: [], usage: null }, headers, tookMs: firstTokenMs }
  if (body['stream'] === true)
    return { body: responseEvents(response, answer, spoken.text), headers, tookMs: firstTokenMs }
  return { body: response, headers, tookMs: totalMs }
}

function saidBefore(body: Body, place: string, azure: Azure) {
  const { previous_response_id: previousId, conversation: given } = body
  const conversationId = isBody(given) ? given['id'] : given
  if (typeof previousId === 'string' && conversationId)
    throw invalid("'previous_response_id' and 'conversation' cannot be used together.", 'conversation')
  if (typeof previousId === 'string') {
    const { response, input } = previous(place, previousId, azure)
    const { total_tokens: before } = (response['usage'] ?? { total_tokens: 0 }) as { total_tokens: number }
    return { before, heard: [...input, ...(response['output'] as Body[])] }
  }
  if (typeof conversationId !== 'string') return { before: 0, heard: [] }
  const { items } = conversation(place, conversationId, azure)
  return { before: tokensOfItems(items), heard: items, conversationId }
}

function responseBody(body: Body, { model, marks }: Speaker, spoken: Spoken, answer: Body, azure: Azure) {
  const { prompt, cached, completion, finish } = spoken
  const now = Math.floor(azure.clock.now() / 1000)
  return {
    id: newId('resp', azure),
    object: 'response',
    created_at: now,
    status: finish === 'stop' ? 'completed' : 'incomplete',
    background: body['background'] === true,
    error: null,
    incomplete_details: finish === 'stop' ? null : { reason: 'max_output_tokens' },
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    metadata: body['metadata'] ?? {},
    model,
    output: [answer],
    parallel_tool_calls: true,
    previous_response_id: body['previous_response_id'] ?? null,
    reasoning: { effort: null, summary: null },
    store: body['store'] !== false,
    temperature: body['temperature'] ?? 1,
    text: body['text'] ?? { format: { type: 'text' } },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    top_p: body['top_p'] ?? 1,
    truncation: body['truncation'] ?? 'disabled',
    usage: {
      input_tokens: prompt,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: completion,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: prompt + completion,
    },
    user: body['user'] ?? null,
    ...marks,
  }
}

/** POST /responses/compact: what was said, as one item that stands for it. */
export async function compactResponse(body: Body, speaker: Speaker, azure: Azure): Promise<Reply> {
  const { before, heard } = saidBefore(body, speaker.place, azure)
  const input = body['input'] === undefined ? [] : itemsOf(body['input'], azure, 'input')
  if (input.length + heard.length === 0) throw missing('input')
  const prompt = Math.max(1, before + tokensOfItems(input))
  const spoken = await speaker.speak({
    prompt,
    most: undefined,
    instructions: '',
    heard: [...heard, ...input],
  })
  const { completion, headers, totalMs } = spoken
  return {
    body: {
      id: newId('resp', azure),
      object: 'response.compaction',
      created_at: Math.floor(azure.clock.now() / 1000),
      output: [
        ...[...heard, ...input].filter(({ role }) => role === 'user'),
        {
          id: newId('cmp', azure),
          type: 'compaction',
          encrypted_content: Buffer.from(spoken.text).toString('base64'),
        },
      ],
      usage: { input_tokens: prompt, output_tokens: completion, total_tokens: prompt + completion },
    },
    headers,
    tookMs: totalMs,
  }
}

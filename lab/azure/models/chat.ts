import { randomUUID } from 'node:crypto'
import { piecesOf } from './generate.ts'
import { invalid } from './refused.ts'
import { dataEvent, type Reply } from './reply.ts'
import type { Answered } from './serve.ts'
import { type Body, countIn, isBody, missing, textOf, tokensOf } from './tokens.ts'

/** What the words of a chat weigh, checked for being one. */
export function chatPrompt(body: Body): number {
  const { messages } = body
  if (messages === undefined) throw missing('messages')
  if (!Array.isArray(messages) || messages.length === 0)
    throw invalid("Invalid 'messages': expected an array with at least one message.", 'messages')
  let characters = 0
  for (const message of messages) {
    if (!isBody(message) || typeof message['role'] !== 'string')
      throw invalid(
        "Missing required parameter: 'messages[].role'.",
        'messages',
        'missing_required_parameter',
      )
    characters += textOf(message['content']).length
  }
  return Math.max(1, Math.ceil(characters / 4))
}

export const completionPrompt = ({ prompt }: Body): number => {
  if (prompt === undefined) throw missing('prompt')
  return Math.max(1, tokensOf(Array.isArray(prompt) ? prompt.join('') : String(prompt)))
}

export const mostOf = (body: Body) => countIn(body, 'max_completion_tokens', 'max_tokens')
const MOST_COPIES = 128

export function copiesOf(body: Body): number {
  const copies = Math.max(countIn(body, 'n') ?? 1, countIn(body, 'best_of') ?? 1)
  if (copies > MOST_COPIES)
    throw invalid(`Invalid value for 'n': expected at most ${MOST_COPIES}.`, 'n', 'invalid_value')
  return copies
}

const FILTERS = {
  hate: { filtered: false, severity: 'safe' },
  self_harm: { filtered: false, severity: 'safe' },
  sexual: { filtered: false, severity: 'safe' },
  violence: { filtered: false, severity: 'safe' },
}
const PROMPT_FILTERS = [{ prompt_index: 0, content_filter_results: FILTERS }]

const usageOf = ({ prompt, completion, cached }: Answered) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
  prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
})

type Shape = { object: string; choice(text: string): object }

const CHAT: Shape = {
  object: 'chat.completion',
  choice: (text) => ({ message: { role: 'assistant', content: text, refusal: null, annotations: [] } }),
}
const TEXT: Shape = { object: 'text_completion', choice: (text) => ({ text }) }

/** A chat completion, or of old a text completion. */
export function completionReply(body: Body, answered: Answered, now: number, kind: 'chat' | 'text'): Reply {
  const created = Math.floor(now / 1000)
  const id = `${kind === 'chat' ? 'chatcmpl' : 'cmpl'}-${randomUUID().replaceAll('-', '')}`
  const { deployment, headers, text, finish, firstTokenMs, totalMs } = answered
  const head = { id, created, model: deployment.modelId }
  if (body['stream'] === true && kind === 'chat') {
    const isCounted = isBody(body['stream_options']) && body['stream_options']['include_usage'] === true
    return { body: chunks(head, answered, isCounted), headers, tookMs: firstTokenMs }
  }
  if (body['stream'] === true) throw invalid('Streamed text completions are not simulated.', 'stream')
  const { object, choice } = kind === 'chat' ? CHAT : TEXT
  const choices = Array.from({ length: countIn(body, 'n') ?? 1 }, (_, index) => ({
    index,
    ...choice(text),
    finish_reason: finish,
    logprobs: null,
    content_filter_results: FILTERS,
  }))
  return {
    body: {
      ...head,
      object,
      choices,
      usage: usageOf(answered),
      system_fingerprint: 'fp_lab',
      prompt_filter_results: PROMPT_FILTERS,
    },
    headers,
    tookMs: totalMs,
  }
}

/** Azure begins with a chunk that has no choice: what the filters say of the prompt. */
async function* chunks(head: object, answered: Answered, isCounted: boolean): AsyncIterable<string> {
  const chunk = (delta: object, finish: string | null = null) =>
    dataEvent({
      ...head,
      object: 'chat.completion.chunk',
      system_fingerprint: 'fp_lab',
      choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }],
      ...(isCounted ? { usage: null } : {}),
    })
  yield dataEvent({
    choices: [],
    created: 0,
    id: '',
    model: '',
    object: '',
    prompt_filter_results: PROMPT_FILTERS,
  })
  yield chunk({ role: 'assistant', content: '', refusal: null })
  for (const content of piecesOf(answered.text)) yield chunk({ content })
  yield chunk({}, answered.finish)
  if (isCounted)
    yield dataEvent({ ...head, object: 'chat.completion.chunk', choices: [], usage: usageOf(answered) })
  yield 'data: [DONE]\n\n'
}

import { parsedObject } from '../error-body.ts'
import { modelCall, type Surface } from './model-call.ts'
import type { Module } from './module.ts'

/** One chat completion, streamed or whole. Reasoning models take no `max_tokens`, and all take `max_completion_tokens`. */
export const chat: Module<'chat'> = (target, tools, signal) => {
  const asked = {
    model: target.model,
    messages: [{ role: 'user', content: 'Say ok.' }],
    max_completion_tokens: target.maxTokens,
  }
  return modelCall(target, target.stream ? streamed(asked) : whole(asked), tools, signal)
}

const whole = (body: object): Surface => ({
  body,
  said: (came) => {
    const answer = parsedObject(came.body)
    const choices = answer?.['choices']
    return Array.isArray(choices) && choices.length > 0 ? `answered as ${answer?.['model']}` : undefined
  },
})

const streamed = (body: object): Surface => ({
  body: { ...body, stream: true },
  stream: {
    isFirstToken: (event) => deltaIn(event) !== '',
    isEnded: ({ events }) => events.at(-1) === '[DONE]',
  },
  said: ({ events }) => {
    const tokens = events.filter((event) => deltaIn(event) !== '').length
    return tokens > 0 ? `streamed ${tokens} pieces` : undefined
  },
})

/** The first chunks tell of filters and of who speaks. */
function deltaIn(event: string): string {
  const choices = parsedObject(event)?.['choices'] as { delta?: { content?: string } }[] | undefined
  return choices?.[0]?.delta?.content ?? ''
}

import { parsedObject } from '../error-body.ts'
import { modelCall } from './model-call.ts'
import type { Module } from './module.ts'

export const embeddings: Module<'embeddings'> = (target, tools, signal) =>
  modelCall(
    target,
    {
      body: { model: target.model, input: 'ok', encoding_format: 'base64' },
      said: ({ body }) => {
        const items = parsedObject(body)?.['data'] as { embedding?: unknown }[] | undefined
        return items?.[0]?.embedding === undefined ? undefined : 'embedded a word'
      },
    },
    tools,
    signal,
  )

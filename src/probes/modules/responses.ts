import { parsedObject } from '../error-body.ts'
import { modelCall } from './model-call.ts'
import type { Module } from './module.ts'

/** One response, which is not kept on the other side. Cut off by its limit it is as good. */
export const responses: Module<'responses'> = (target, tools, signal) =>
  modelCall(
    target,
    {
      body: { model: target.model, input: 'Say ok.', max_output_tokens: target.maxTokens, store: false },
      said: ({ body }) => {
        const answer = parsedObject(body)
        return ['completed', 'incomplete'].includes(String(answer?.['status']))
          ? `responded as ${answer?.['model']}`
          : undefined
      },
    },
    tools,
    signal,
  )

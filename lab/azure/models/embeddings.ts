import type { Draw } from '../draw.ts'
import { invalid } from './refused.ts'
import type { Reply } from './reply.ts'
import type { Answered } from './serve.ts'
import { type Body, countIn, missing, tokensOf } from './tokens.ts'

const DIMENSIONS = 3072

function inputsOf({ input }: Body): string[] {
  if (input === undefined) throw missing('input')
  const inputs = Array.isArray(input) ? input : [input]
  if (inputs.length === 0 || inputs.some((one) => typeof one !== 'string' || one === ''))
    throw invalid("'input' has to be text or a list of texts.", 'input')
  return inputs
}

export const embeddingPrompt = (body: Body) => inputsOf(body).reduce((sum, text) => sum + tokensOf(text), 0)

/** A unit vector by the text alone: the same text lies in the same place, on every account. */
export function embeddingReply(body: Body, answered: Answered, draw: Draw): Reply {
  const dimensions = countIn(body, 'dimensions') ?? DIMENSIONS
  const isBinary = body['encoding_format'] === 'base64'
  const data = inputsOf(body).map((text, index) => {
    const vector = vectorOf(draw.fraction('embedding', text), dimensions)
    const embedding = isBinary ? Buffer.from(vector.buffer).toString('base64') : Array.from(vector)
    return { object: 'embedding', index, embedding }
  })
  const { deployment, prompt, headers, totalMs } = answered
  return {
    body: {
      object: 'list',
      data,
      model: deployment.model.name,
      usage: { prompt_tokens: prompt, total_tokens: prompt },
    },
    headers,
    tookMs: totalMs,
  }
}

function vectorOf(chance: number, dimensions: number): Float32Array {
  const vector = Float32Array.from({ length: dimensions }, (_, index) => Math.sin(chance * 1e4 * (index + 1)))
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

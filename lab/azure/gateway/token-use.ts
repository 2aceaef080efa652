import type { TokenUse } from './running.ts'

const CHARACTERS_PER_TOKEN = 4

/** About what a prompt will cost, by its length. */
export const promptEstimate = (body: string): number => Math.ceil(body.length / CHARACTERS_PER_TOKEN)

/** What a whole answer says it took: `usage`, in the words of chat completions or of the Responses API. */
export function reportedUse(body: string): TokenUse | undefined {
  if (!body.includes('"usage"')) return undefined
  try {
    const { usage } = JSON.parse(body) as { usage?: Record<string, unknown> }
    if (!usage) return undefined
    return {
      prompt: Number(usage['prompt_tokens'] ?? usage['input_tokens'] ?? 0),
      completion: Number(usage['completion_tokens'] ?? usage['output_tokens'] ?? 0),
      isEstimate: false,
    }
  } catch {
    return undefined
  }
}

/** A stream is never asked what it took (azure-facts 6.2): an event with data counts as a token. */
export async function* counted(
  body: AsyncIterable<string>,
  prompt: string,
  atTheEnd: (use: TokenUse) => void,
): AsyncGenerator<string> {
  let completion = 0
  try {
    for await (const chunk of body) {
      completion += chunk.split('data: {').length - 1
      yield chunk
    }
  } finally {
    atTheEnd({ prompt: promptEstimate(prompt), completion, isEstimate: true })
  }
}

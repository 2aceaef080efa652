import { Broken } from '../data/call.ts'
import { PolicyError } from './problems.ts'

/** A body that an expression will read; one that breaks meanwhile is no response at all. */
export async function whole(body: AsyncIterable<string>): Promise<string> {
  let text = ''
  try {
    for await (const chunk of body) text += chunk
    return text
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    throw new PolicyError('BackendConnectionFailure', 'The response ended prematurely.', undefined, true)
  }
}

const BLOCK = 8192

/** `buffer-response`: passed on by 8 KB, and the rest at the end. */
export async function* inBlocks(body: AsyncIterable<string>): AsyncGenerator<string> {
  let block = ''
  for await (const chunk of body) {
    block += chunk
    if (block.length < BLOCK) continue
    yield block
    block = ''
  }
  if (block) yield block
}

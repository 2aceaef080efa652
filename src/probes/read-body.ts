import type { IncomingMessage } from 'node:http'
import { eventReader } from './server-events.ts'

/** More is not needed for any verdict. */
const mostBytes = 64 * 1024

/** A body as text, with the events of a stream as they come; `whole` is false when there was more of it. */
export async function readBody(
  response: IncomingMessage,
  isFirstToken: ((event: string) => boolean) | undefined,
  firstTokenCame: () => void,
): Promise<{ body: string; events: string[]; whole: boolean }> {
  const isStream = /^text\/event-stream/.test(response.headers['content-type'] ?? '')
  const decoder = new TextDecoder()
  const eventsIn = eventReader()
  const events: string[] = []
  let body = ''
  let bytes = 0
  let waits = isFirstToken !== undefined
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    const text = decoder.decode(chunk, { stream: true })
    body += text
    if (isStream)
      for (const event of eventsIn(text)) {
        events.push(event)
        if (!waits || !isFirstToken?.(event)) continue
        waits = false
        firstTokenCame()
      }
    if (bytes > mostBytes) return { body, events, whole: false }
  }
  return { body, events, whole: true }
}

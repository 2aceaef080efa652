import { Broken, type DataAnswer } from './call.ts'

export const jsonOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body))

/** The same body, until it has given so many bytes: then the connection dies. */
export async function* breaking(body: DataAnswer['body'], afterBytes: number): AsyncIterable<string> {
  let left = afterBytes
  for await (const chunk of typeof body === 'string' ? [body] : body) {
    const bytes = Buffer.from(chunk)
    if (bytes.length > left) {
      yield bytes.subarray(0, left).toString('utf8')
      throw new Broken(`broken after ${afterBytes} bytes`)
    }
    left -= bytes.length
    yield chunk
  }
  if (left === 0) throw new Broken(`broken after ${afterBytes} bytes`)
}

/** What an operation answers when all went well; the common headers come on top. */
export type Reply = {
  body: object | AsyncIterable<string>
  headers?: Record<string, string>
  /** Virtual milliseconds until the head. */
  tookMs: number
}

export const isStream = (body: Reply['body']): body is AsyncIterable<string> => Symbol.asyncIterator in body

export const dataEvent = (data: object) => `data: ${JSON.stringify(data)}\n\n`

export const namedEvent = (type: string, data: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`

export const isReply = (answered: object): answered is Reply => 'body' in answered && 'tookMs' in answered

import { invalid } from './refused.ts'

export type Body = Record<string, unknown>

/** What Azure takes for the length of an answer when nobody says; its own figure is not documented. */
export const DEFAULT_MOST_TOKENS = 1000

/** Azure estimates by characters too (azure-facts 11); here usage is counted the same way. */
export const tokensOf = (text: string) => Math.ceil(text.length / 4)

/** A message's or item's content: text, or parts with text in them. What is no text counts nothing. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((part) => (isBody(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('')
}

export const isBody = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The first of these parameters that is given: a whole number of at least one. */
export function countIn(body: Body, ...names: string[]): number | undefined {
  for (const name of names) {
    const value = body[name]
    if (value === undefined || value === null) continue
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
      throw invalid(`Invalid value for '${name}': expected an integer of at least 1.`, name, 'invalid_value')
    return value
  }
  return undefined
}

export const missing = (name: string) =>
  invalid(`Missing required parameter: '${name}'.`, name, 'missing_required_parameter')

export function parsed(text: string): Body {
  let body: unknown
  try {
    body = text ? JSON.parse(text) : undefined
  } catch {
    body = undefined
  }
  if (isBody(body)) return body
  throw invalid('We could not parse the JSON body of your request. The API expects a JSON payload.')
}

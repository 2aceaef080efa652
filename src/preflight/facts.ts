import { textAt } from '../environment/raw.ts'
import type { JsonObject } from '../resources/kind.ts'
import type { Said } from './check.ts'

/** What preflight asks Azure, and what Azure answered. A POST is asked only where Azure offers no other way to read. */
export type Question = {
  /** For people: what the answer is about. */
  about: string
  /** Path and query. */
  path: string
} & ({ method: 'GET' | 'HEAD' } | { method: 'POST'; body: JsonObject })

export type Answer = { status: number; body: JsonObject } | { unread: string }

/** Answers by question. */
export type Facts = ReadonlyMap<string, Answer>

export const keyOf = (question: Question): string =>
  question.method === 'POST' ? `${question.path} ${JSON.stringify(question.body)}` : question.path

/** A 404 that speaks of the type, not of the thing: nothing is known of the thing then. */
const isOfType = (code: string) => /^(Invalid|NoRegisteredProvider)/.test(code)

/**
 * Speaks of an answer.
 * @param say given the body, or undefined where Azure says that there is no such thing
 * @returns what `say` says, or that the answer is not known
 */
export function told(
  facts: Facts,
  question: Question,
  say: (body: JsonObject | undefined) => Said[],
): Said[] {
  const { about } = question
  const answer = facts.get(keyOf(question))
  if (!answer) return [{ about, unread: 'was not asked, because what leads to it is not known' }]
  if ('unread' in answer) return [{ about, unread: answer.unread }]
  const { status, body } = answer
  if (status === 200 || status === 204) return say(body)
  const code = textAt(body, 'error.code') ?? textAt(body, 'code') ?? ''
  // A question that is put with POST has an answer; 404 is none.
  if (status === 404 && question.method !== 'POST' && !isOfType(code)) return say(undefined)
  const message = textAt(body, 'error.message') ?? textAt(body, 'message') ?? ''
  return [{ about, unread: [`Azure answered ${status}`, code, message].filter(Boolean).join(' ') }]
}

/** The items of a list. A list that Azure does not have is not known: it is not an empty one. */
export const listed = (facts: Facts, question: Question, say: (items: JsonObject[]) => Said[]): Said[] =>
  told(facts, question, (body) =>
    body ? say(itemsOf(body)) : [{ about: question.about, unread: 'Azure answered 404' }],
  )

export const itemsOf = (body: JsonObject | undefined): JsonObject[] =>
  Array.isArray(body?.['value']) ? (body['value'] as JsonObject[]) : []

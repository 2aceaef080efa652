import pLimit from 'p-limit'
import type { Arm, Asked } from '../azure/arm.ts'
import { expand } from '../environment/expand.ts'
import type { Document } from '../environment/schema.ts'
import { furtherQuestions, questions } from '../preflight/asking.ts'
import { type Answer, keyOf, type Question } from '../preflight/facts.ts'
import { type Report, report } from '../preflight/report.ts'
import type { World } from './deeds.ts'

const mostReadsAtOnce = 8
/** Nothing more is asked after this; with the longest wait for one answer it makes less than a minute. */
const askingMs = 25_000

/** Asks Azure what preflight needs to know of a document, and makes every check. Nothing is written, in Azure or in the store. */
export async function preflight(
  { arm, surroundings }: Pick<World, 'arm' | 'surroundings'>,
  document: Document,
): Promise<Report> {
  const resources = expand(document, surroundings)
  const untilMs = Date.now() + askingMs
  const facts = await gathered(arm, questions({ document, surroundings }), untilMs)
  const further = furtherQuestions({ document, surroundings, resources }, facts)
  for (const [key, answer] of await gathered(arm, further, untilMs)) facts.set(key, answer)
  return report({ document, resources, surroundings, facts, nowMs: Date.now() })
}

async function gathered(arm: Arm, asked: Question[], untilMs: number): Promise<Map<string, Answer>> {
  const limit = pLimit(mostReadsAtOnce)
  const unique = new Map(asked.map((question) => [keyOf(question), question]))
  return new Map(
    await Promise.all(
      [...unique].map(([key, question]) =>
        limit(
          async (): Promise<[string, Answer]> => [
            key,
            Date.now() > untilMs ? outOfTime : answerOf(await asks(arm, question)),
          ],
        ),
      ),
    ),
  )
}

const outOfTime: Answer = { unread: 'Azure answered too slowly, and there was no time left to ask' }

const asks = (arm: Arm, question: Question): Promise<Asked> => {
  switch (question.method) {
    case 'POST':
      return arm.ask(question.path, question.body)
    case 'HEAD':
      return arm.head(question.path)
    case 'GET':
      return arm.get(question.path)
  }
}

const answerOf = (asked: Asked): Answer =>
  'failure' in asked
    ? { unread: [asked.failure.code, asked.failure.message].filter(Boolean).join(': ') }
    : asked

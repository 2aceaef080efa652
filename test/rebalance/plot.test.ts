import type { OrchestrationContext } from 'durable-functions'
import { expect, test } from 'vitest'
import { rebalance } from '../../orchestrations/rebalance.ts'
import type { Turn } from '../../src/rebalance/deeds.ts'

/** One execution of the plot, with that outcome of its turn: what it asked for, in order, and how it ended. */
function played(turn: Turn, now: string) {
  const asked: unknown[] = []
  const df = {
    getInput: () => ({ environment: 'contoso', pool: 'gpt-4o' }),
    currentUtcDateTime: new Date(now),
    callActivity: (name: string, input: unknown) => void asked.push([name, input]),
    createTimer: (at: Date) => void asked.push(['timer', at.toISOString()]),
    continueAsNew: () => void asked.push(['anew']),
  }
  const plot = rebalance({ df } as unknown as OrchestrationContext)
  let step = plot.next()
  let value: unknown = turn
  while (!step.done) {
    step = plot.next(value as never)
    value = undefined
  }
  return { asked, end: step.value as unknown }
}

const pool = { environment: 'contoso', pool: 'gpt-4o' }

test('a turn that has something to write is written, then the next minute is waited for, and all begins anew', () => {
  expect(played({ write: 'id', busy: true, over: false }, '2026-11-25T10:00:12Z').asked).toEqual([
    ['decideWeights', pool],
    ['setWeights', { ...pool, decision: 'id' }],
    ['timer', '2026-11-25T10:01:10.000Z'],
    ['anew'],
  ])
})

test('what is over ends', () => {
  const { asked, end } = played({ busy: false, over: true }, '2026-11-25T10:00:12Z')
  expect(asked).toEqual([['decideWeights', pool]])
  expect(end).toBe('quiet')
})

test.each([
  ['2026-11-25T10:00:05Z', '2026-11-25T10:01:10.000Z'],
  ['2026-11-25T10:00:29Z', '2026-11-25T10:01:10.000Z'],
  ['2026-11-25T10:00:55Z', '2026-11-25T10:02:10.000Z'],
])('after a turn at %s the next is at %s: never two in one minute', (now, next) => {
  expect(played({ busy: false, over: false }, now).asked).toContainEqual(['timer', next])
})

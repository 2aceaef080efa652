import { appendFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { OrchestrationContext, Task } from 'durable-functions'
import * as df from 'durable-functions'
import type { Program, Ran, Step } from './program.ts'

const ledger = process.env['LEDGER'] ?? ''
let runs = 0

/** Each run of each activity leaves its line before it does anything else. */
function enter(key: string): Ran {
  runs += 1
  const run = `${process.pid}-${runs}`
  appendFileSync(ledger, `${key} ${run}\n`)
  return { key, run }
}

df.app.activity('square', {
  async handler({ key, n, ms }: { key: string; n: number; ms: number }) {
    const ran = enter(key)
    await delay(ms)
    return { ...ran, square: n * n }
  },
})

df.app.activity('fail', {
  async handler({ key, ms }: { key: string; ms: number }) {
    const ran = enter(key)
    await delay(ms)
    throw new Error(JSON.stringify(ran))
  },
})

function begin(context: OrchestrationContext, step: Step): Task {
  switch (step.do) {
    case 'wait':
      return context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + step.seconds * 1000))
    case 'all':
      return context.df.Task.all(step.of.map((inner) => begin(context, inner)))
    case 'any':
      return context.df.Task.any(step.of.map((inner) => begin(context, inner)))
    default:
      return context.df.callActivity(step.do, step)
  }
}

type Settled = Task & { result: unknown; parent?: { children: Task[] } }

/** Task.any answers the winning Task, which is circular and must not reach the output. */
function plain(step: Step, result: unknown): unknown {
  if (result instanceof Error) return { failed: result.message.split('\n')[0] }
  if (step.do === 'all') return step.of.map((inner, i) => plain(inner, (result as unknown[])[i]))
  if (step.do !== 'any') return result ?? null
  const winner = result as Settled
  const index = winner.parent?.children.indexOf(winner) ?? -1
  return { winner: index, result: plain(step.of[index] ?? step, winner.result) }
}

df.app.orchestration('program', function* (context) {
  const { generations, results } = context.df.getInput<Program>()
  const [steps = [], ...later] = generations
  context.df.setCustomStatus({ generationsLeft: later.length })
  for (const step of steps) {
    try {
      results.push(plain(step, yield begin(context, step)))
    } catch (error) {
      results.push(plain(step, error))
    }
  }
  if (later.length > 0) context.df.continueAsNew({ generations: later, results })
  return results
})

import { expect } from 'vitest'
import { leavesOf } from './arbitrary.ts'
import type { Ran, Step } from './program.ts'

/** Fails unless `result` is what `step` must give; answers the runs of activities whose completion it shows. */
export function check(step: Step, result: unknown): Ran[] {
  const failed = (result as { failed?: string } | null)?.failed
  if (failed !== undefined) return [failureOf(step, failed)]
  switch (step.do) {
    case 'wait':
      // The SDK makes a long timer of shorter ones, and answers with the list of what they answered.
      expect([result].flat()).toEqual([result].flat().map(() => null))
      return []
    case 'square':
      expect(result).toMatchObject({ key: step.key, square: step.n * step.n })
      return [result as Ran]
    case 'fail':
      throw new Error(`${step.key} must fail, but gave ${JSON.stringify(result)}`)
    case 'all': {
      const results = result as unknown[]
      expect(results).toHaveLength(step.of.length)
      return step.of.flatMap((inner, i) => check(inner, results[i]))
    }
    case 'any': {
      const { winner, result: won } = result as { winner: number; result: unknown }
      const inner = step.of[winner]
      if (!inner) throw new Error(`Task.any answered a stranger: ${JSON.stringify(result)}`)
      return check(inner, won)
    }
  }
}

/** A failure comes from a leaf that fails, and passes through Task.all; Task.any answers it as its winner's. */
function failureOf(step: Step, message: string): Ran {
  const told = /^Activity function 'fail' failed: {2}(\{.*\}) $/.exec(message)?.[1]
  if (!told || step.do === 'any') throw new Error(`unexpected failure of ${JSON.stringify(step)}: ${message}`)
  const ran = JSON.parse(told) as Ran
  const failing = leavesOf(step).flatMap((leaf) => (leaf.do === 'fail' ? [leaf.key] : []))
  expect(failing).toContain(ran.key)
  return ran
}

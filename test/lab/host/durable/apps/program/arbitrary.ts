import fc from 'fast-check'
import type { Leaf, Program, Step } from './program.ts'

const daysS = 24 * 3600
const ms = fc.integer({ min: 0, max: 25 })

const square: fc.Arbitrary<Leaf> = fc.record({
  do: fc.constant('square' as const),
  key: fc.constant(''),
  n: fc.integer({ min: 0, max: 50 }),
  ms,
})
const fail: fc.Arbitrary<Leaf> = fc.record({ do: fc.constant('fail' as const), key: fc.constant(''), ms })
const wait = (longestS: number): fc.Arbitrary<Leaf> =>
  fc.record({
    do: fc.constant('wait' as const),
    seconds: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: longestS })),
  })

/**
 * Azure's trap (functions-host.md, trap 2): after a Task.all that rejected early, members that take further numbers (long timers)
 * mix up the tasks. So a program has either failures or timers of more than six days.
 */
const failing = fc.oneof({ arbitrary: square, weight: 3 }, fail, wait(5 * daysS))
const waiting = fc.oneof({ arbitrary: square, weight: 2 }, wait(20 * daysS))

const program = (leaf: fc.Arbitrary<Leaf>): fc.Arbitrary<Program> => {
  const { step } = fc.letrec<{ step: Step; group: Step }>((tie) => ({
    step: fc.oneof({ maxDepth: 3, withCrossShrink: true }, { arbitrary: leaf, weight: 3 }, tie('group')),
    group: fc.record({
      do: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(tie('step'), { minLength: 1, maxLength: 4 }),
    }),
  }))
  const steps = fc.array(step, { minLength: 1, maxLength: 5 })
  return fc.record({
    generations: fc.array(steps, { minLength: 1, maxLength: 3 }),
    results: fc.constant([] as unknown[]),
  })
}

/** Keys are unique over all programs. */
export function samplePrograms(count: number, seed: number): Program[] {
  const programs = fc.sample(fc.oneof(program(failing), program(waiting)), { numRuns: count, seed })
  let keys = 0
  const named = (step: Step): Step => {
    if ('of' in step) return { ...step, of: step.of.map(named) }
    if (step.do === 'wait') return step
    keys += 1
    return { ...step, key: `k${keys}` }
  }
  return programs.map((one) => ({ ...one, generations: one.generations.map((steps) => steps.map(named)) }))
}

export const leavesOf = (step: Step): Leaf[] => ('of' in step ? step.of.flatMap(leavesOf) : [step])

import { elementsOf } from '../../providers/api-management/policy-tree.ts'
import { fragmentStep } from '../fragments.ts'
import { PolicyError } from '../problems.ts'
import { newResponse, type Running, type Step } from '../running.ts'
import {
  attributesOf,
  type Compile,
  childrenOf,
  numberOf,
  readValue,
  required,
  textOf,
  truthOf,
} from './element.ts'

/** Which elements are executed, and how often. */

const choose: Compile = (element, compiling) => {
  attributesOf(element, [])
  const branches = childrenOf(element, ['when', 'otherwise']).map((branch) => {
    const { condition } = attributesOf(branch, ['condition'])
    return {
      holds: branch.name === 'otherwise' ? () => true : truthOf(required(condition, 'a condition')),
      step: compiling.compile(elementsOf(branch), compiling),
    }
  })
  return (run) => {
    for (const { holds, step } of branches) if (holds(run)) return step(run)
  }
}

const setVariable: Compile = (element) => {
  const { name = '', value = '' } = attributesOf(element, ['name', 'value'])
  const given = readValue(value)
  return (run) => {
    run.variables.set(name, given(run))
  }
}

/** A new response, and with it the end: no further section is executed. */
const returnResponse: Compile = (element, compiling) => {
  attributesOf(element, [])
  const children = childrenOf(element, ['set-status', 'set-header', 'set-body'])
  const fill = compiling.compile(children, { ...compiling, into: 'response' })
  return async (run) => {
    run.response = newResponse(200)
    await fill(run)
    run.isEnded = true
  }
}

const RETRY = ['condition', 'count', 'interval', 'first-fast-retry', 'max-interval', 'delta'] as const

/**
 * Its elements once, and again while the condition holds, `count` times at most. A try that ends without response ends the body early;
 * the condition sees `context.Response == null`, and when there is no further try the error goes on.
 */
const retry: Compile = (element, compiling) => {
  const given = attributesOf(element, RETRY)
  const condition = truthOf(required(given.condition, 'a condition'))
  const count = numberOf(required(given.count, 'a count'), 'a count')
  const wait = waitOf(given)
  const body = compiling.compile(elementsOf(element), compiling)
  return async (run) => {
    const most = count(run)
    for (let tried = 0; ; tried++) {
      const error = await unanswered(body, run)
      if (run.isEnded) return
      if (tried >= most || !condition(run)) {
        if (error) throw error
        return
      }
      run.elapsedMs += wait(run, tried)
    }
  }
}

async function unanswered(body: Step, run: Running): Promise<PolicyError | undefined> {
  try {
    await body(run)
    return undefined
  } catch (error) {
    if (error instanceof PolicyError && error.isUnanswered) return error
    throw error
  }
}

/** azure-facts 6.2: fixed, linear with `delta`, exponential with `max-interval` too; the waits pass on the virtual clock. */
function waitOf(
  given: Partial<Record<(typeof RETRY)[number], string>>,
): (run: Running, tried: number) => number {
  const interval = numberOf(given.interval ?? '0', 'an interval')
  const delta = numberOf(given.delta ?? '0', 'a delta')
  const most = numberOf(given['max-interval'] ?? '0', 'a max-interval')
  const isFirstFast = truthOf(given['first-fast-retry'] ?? 'false')
  return (run, tried) => {
    if (tried === 0 && isFirstFast(run)) return 0
    const seconds =
      given['max-interval'] === undefined
        ? interval(run) + delta(run) * tried
        : Math.min(most(run), interval(run) + delta(run) * (2 ** tried - 1))
    return seconds * 1000
  }
}

const includeFragment: Compile = (element, compiling) => {
  const { 'fragment-id': id = '' } = attributesOf(element, ['fragment-id'])
  const name = textOf(id)
  return (run) => fragmentStep(name(run), run, compiling)(run)
}

export const flowElements: Record<string, Compile> = {
  choose,
  retry,
  'set-variable': setVariable,
  'return-response': returnResponse,
  'include-fragment': includeFragment,
}

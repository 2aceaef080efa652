import type { Element } from '../../providers/api-management/policy-tree.ts'
import { NotSimulated } from '../problems.ts'
import { type Step, sequence } from '../running.ts'
import type { Compile, Compiling } from './element.ts'
import { flowElements } from './flow.ts'
import { identityElements } from './identity.ts'
import { limitElements } from './limits.ts'
import { messageElements } from './message.ts'
import { routingElements } from './routing.ts'
import { telemetryElements } from './telemetry.ts'

/** Every policy that is played. `base` is the document's own affair. */
const ELEMENTS: ReadonlyMap<string, Compile> = new Map(
  Object.entries({
    ...flowElements,
    ...messageElements,
    ...routingElements,
    ...identityElements,
    ...limitElements,
    ...telemetryElements,
  }),
)

export const compileElements = (elements: Element[], compiling: Compiling): Step =>
  sequence(elements.map((element) => compileElement(element, compiling)))

/** What cannot be played still compiles, to a step that says so when it is run. */
function compileElement(element: Element, compiling: Compiling): Step {
  const { scope, section, unplayed } = compiling
  const here = { Source: element.name, Scope: scope, Section: section }
  try {
    const compile = ELEMENTS.get(element.name)
    if (!compile) throw new NotSimulated(`the policy ${element.name}`)
    const step = compile(element, compiling)
    return (run) => {
      run.here = here
      return step(run)
    }
  } catch (error) {
    if (!(error instanceof NotSimulated)) throw error
    unplayed.push(error.message.replace(/^not simulated: /, ''))
    return () => {
      throw error
    }
  }
}

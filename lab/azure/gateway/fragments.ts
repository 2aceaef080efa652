import type { Format } from '../providers/api-management/policy-tree.ts'
import { elementsOf } from '../providers/api-management/policy-tree.ts'
import { parsePolicy } from '../providers/api-management/policy-xml.ts'
import { entityIn } from './configuration.ts'
import type { Compiling } from './elements/element.ts'
import { withNamedValues } from './named-values.ts'
import { PolicyError } from './problems.ts'
import type { Running, Step } from './running.ts'

/** A fragment stands where it is included: compiled for each place, once per configuration. */
export function fragmentStep(name: string, { configuration }: Running, compiling: Compiling): Step {
  const { scope, section, into } = compiling
  const key = `${scope} ${section} ${into} ${name}`
  const known = configuration.fragments.get(key)
  if (known) return known
  const fragment = entityIn(configuration, 'policyFragments', name)
  if (!fragment)
    throw new PolicyError('PolicyFragmentNotFound', `Policy fragment '${name}' could not be found.`)
  const { value, format } = fragment.properties as { value: string; format: Format }
  const root = parsePolicy(withNamedValues(value, configuration), format)
  const step = compiling.compile(elementsOf(root), compiling)
  configuration.fragments.set(key, step)
  return step
}

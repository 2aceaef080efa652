import type { Binding, LoadedFunction, RetryOptions } from './contract.ts'

const validName = /^[a-z][a-z0-9_-]{0,127}$/i

/** Reads what the library hands to `registerFunction`. */
export function readRegistration(metadata: unknown, callback: unknown): LoadedFunction {
  const { name, bindings, retryOptions } = metadata as {
    name: string
    bindings: Record<string, Binding>
    retryOptions?: RetryOptions
  }
  if (!validName.test(name) || name.toLowerCase() === 'host')
    throw new Error(`'${name}' is not a valid function name.`)
  const trigger = Object.entries(bindings).find(([, binding]) => /trigger$/i.test(binding.type))
  if (!trigger) throw new Error(`Function '${name}' has no trigger.`)
  // The inner `name` of a binding may differ from its key; the key is what invocations use.
  return {
    name,
    bindings,
    trigger: { ...trigger[1], name: trigger[0] },
    retryOptions,
    callback: callback as LoadedFunction['callback'],
  }
}

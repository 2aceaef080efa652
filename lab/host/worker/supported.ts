// This host plays what the product uses. Anything else is refused when the app is loaded, by name, instead of never running.
import type { LoadedFunction } from './contract.ts'

const triggers = ['httptrigger', 'timertrigger', 'eventhubtrigger', 'orchestrationtrigger', 'activitytrigger']
const inputs = ['durableclient']
const outputs = ['http']

/** What of this function the host cannot play; undefined when it can. */
export function unsupported(fn: LoadedFunction): string | undefined {
  if (!triggers.includes(fn.trigger.type.toLowerCase()))
    return `its trigger '${fn.trigger.type}' is not played`
  for (const [name, binding] of Object.entries(fn.bindings)) {
    if (name === fn.trigger.name) continue
    const played = binding.direction.toLowerCase() === 'out' ? outputs : inputs
    if (!played.includes(binding.type.toLowerCase()))
      return `its ${binding.direction}put binding '${name}' of type '${binding.type}' is not played`
  }
  return undefined
}

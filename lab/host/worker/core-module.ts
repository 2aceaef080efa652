// The module `@azure/functions-core`: what `@azure/functions` finds when it asks for the runtime it runs in. It has to be there before
// the app is imported, or the library goes silently into its test mode and registers nothing.
import { registerHooks } from 'node:module'
import type { LogLevel } from '../log.ts'
import type { InvocationModel } from './invocation.ts'

export interface ProgrammingModel {
  name: string
  version: string
  getInvocationModel(coreContext: unknown): InvocationModel
  getCapabilities?(defaults: Record<string, string>): Promise<Record<string, string>>
}

/** The worker that is loading its app: registrations go to it. */
export interface Registrar {
  registerFunction(metadata: unknown, callback: unknown): () => void
  registerHook(name: string, callback: unknown): () => void
  log(level: LogLevel, category: string, message: string): void
}

class Disposable {
  #end: () => unknown
  constructor(end: () => unknown) {
    this.#end = end
  }
  dispose() {
    return this.#end()
  }
  static from(...parts: { dispose: () => unknown }[]) {
    return new Disposable(() => {
      for (const part of parts) part.dispose()
    })
  }
}

const moduleUrl = 'lab-host:functions-core'
const globalKey = 'foundry-gateway-ops.lab.functions-core'
let registrar: Registrar | undefined
let model: ProgrammingModel | undefined

function loading(): Registrar {
  if (!registrar) throw new Error('A function can only be registered during app startup.')
  return registrar
}

const surface = {
  version: '3.13.0',
  hostVersion: '4.1048.200',
  Disposable,
  registerFunction: (metadata: unknown, callback: unknown) =>
    new Disposable(loading().registerFunction(metadata, callback)),
  registerHook: (name: string, callback: unknown) => new Disposable(loading().registerHook(name, callback)),
  setProgrammingModel: (given: ProgrammingModel) => {
    model = given
  },
  getProgrammingModel: () => model,
  log: (level: LogLevel, category: string, message: string) => registrar?.log(level, category, message),
}

let provided = false

/** Idempotent. The names are spelled out in the module's text, so that `import { log } from '@azure/functions-core'` works too. */
export function provideCoreModule() {
  if (provided) return
  provided = true
  Object.defineProperty(globalThis, Symbol.for(globalKey), { value: surface })
  const source = Object.keys(surface)
    .map((name) => `exports.${name} = globalThis[Symbol.for('${globalKey}')].${name}`)
    .join('\n')
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@azure/functions-core'
        ? { url: moduleUrl, format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) =>
      url === moduleUrl ? { format: 'commonjs', source, shortCircuit: true } : next(url, context),
  })
}

/** Runs `load` with `to` receiving what the app registers. */
export async function registering<T>(to: Registrar, load: () => Promise<T>): Promise<T> {
  registrar = to
  try {
    return await load()
  } finally {
    registrar = undefined
  }
}

export function programmingModel(): ProgrammingModel {
  if (!model) throw new Error('The app registered no function through @azure/functions.')
  return model
}

// The worker half of the Functions host: what `@azure/functions` finds in a process of the real nodejs worker. It supplies
// `@azure/functions-core`, imports the app's entry, keeps what the app registers, and runs invocations. It knows nothing of routes,
// schedules or Durable: the other parts of the host hand it typed data and get typed data back.
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Enter } from '../clock/agenda.ts'
import type { Log } from '../log.ts'
import type { LoadedFunction, Worker } from './contract.ts'
import { programmingModel, provideCoreModule, registering } from './core-module.ts'
import { Hooks } from './hooks.ts'
import { runInvocation } from './invocation.ts'
import { readRegistration } from './registration.ts'
import { unsupported } from './supported.ts'

export type { Invocation, LoadedFunction, TypedData, Worker } from './contract.ts'

/** What the real worker says it can do; the library builds its answers accordingly. */
const capabilities = Object.fromEntries(
  [
    'RawHttpBodyBytes',
    'RpcHttpTriggerMetadataRemoved',
    'RpcHttpBodyOnly',
    'IgnoreEmptyValuedRpcHttpHeaders',
    'UseNullableValueDictionaryForHttp',
    'WorkerStatus',
    'TypedDataCollection',
    'HandlesWorkerTerminateMessage',
  ].map((name) => [name, 'true']),
)

const nothingToCount: Enter = () => () => {}
const byName = (a: LoadedFunction, b: LoadedFunction) =>
  a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1
let loads = 0

export function openWorker({ log, enter = nothingToCount }: { log: Log; enter?: Enter }): Worker {
  const functions = new Map<string, LoadedFunction>()
  const hooks = new Hooks()
  const appContext = { hookData: {}, appHookData: hooks.appHookData }
  provideCoreModule()

  const registrar = {
    registerFunction(metadata: unknown, callback: unknown) {
      const fn = readRegistration(metadata, callback)
      const key = fn.name.toLowerCase()
      if (functions.has(key)) throw new Error(`A function with id "${fn.name}" has already been registered.`)
      functions.set(key, fn)
      return () => void functions.delete(key)
    },
    registerHook: (name: string, hook: unknown) => hooks.register(name, hook as (context: object) => unknown),
    log: (level: Parameters<Log>[0], category: string, message: string) =>
      log(level, message, { byApp: category === 'user' }),
  }

  async function load(appDir: string) {
    const directory = resolve(appDir)
    await registering(registrar, async () => {
      for (const entry of entries(directory)) await import(/* @vite-ignore */ entry)
      await hooks.run('appStart', { ...appContext, functionAppDirectory: directory })
      if (functions.size === 0) throw new Error(`The app in ${directory} registers no function.`)
      const granted = await programmingModel().getCapabilities?.({ ...capabilities })
      if (granted?.['HttpUri'])
        throw new Error('The lab does not play HTTP streaming: remove enableHttpStream from app.setup.')
    })
    for (const fn of functions.values()) {
      const why = unsupported(fn)
      if (why) throw new Error(`The lab cannot run function '${fn.name}': ${why}.`)
    }
  }

  return {
    functions,
    ofType: (triggerType) =>
      [...functions.values()]
        .filter((fn) => fn.trigger.type.toLowerCase() === triggerType.toLowerCase())
        .sort(byName),
    async invoke(fn, inputs, triggerMetadata = {}, retryContext) {
      const leave = enter()
      try {
        const request = { inputs, triggerMetadata, retryContext }
        return await runInvocation(fn, request, { model: programmingModel(), hooks, log })
      } finally {
        leave()
      }
    },
    load,
    terminate: () => hooks.run('appTerminate', appContext),
  }
}

/** `main` of package.json may be a glob. A second load in one process (tests) must not find the first one's modules. */
function entries(directory: string): string[] {
  const { main } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { main?: string }
  const files = main ? globSync(main, { cwd: directory }).sort() : []
  if (files.length === 0) {
    throw new Error(`${join(directory, 'package.json')} names no entry that exists: main is "${main}".`)
  }
  loads++
  return files.map((file) => pathToFileURL(join(directory, file)).href + (loads > 1 ? `?load=${loads}` : ''))
}

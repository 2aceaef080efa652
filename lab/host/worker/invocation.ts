// One invocation, in the order of the real nodejs worker: arguments, preInvocation hooks, handler, postInvocation hooks, response.
import { randomBytes, randomUUID } from 'node:crypto'
import type { Log, LogLevel } from '../log.ts'
import type { Invocation, LoadedFunction, RetryContext, TypedData } from './contract.ts'
import type { ProgrammingModel } from './core-module.ts'
import type { Hooks } from './hooks.ts'

type Callback = LoadedFunction['callback']

/** The library's half of an invocation. */
export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>
  invokeFunction(context: unknown, inputs: unknown[], callback: Callback): Promise<unknown>
  getResponse(
    context: unknown,
    result: unknown,
  ): Promise<{ returnValue?: TypedData; outputData?: { name: string; data: TypedData }[] | null }>
}

export interface InvocationRequest {
  inputs: Record<string, TypedData>
  triggerMetadata: Record<string, TypedData>
  retryContext?: RetryContext | undefined
}

export interface InvocationServices {
  model: ProgrammingModel
  hooks: Hooks
  log: Log
}

export async function runInvocation(
  fn: LoadedFunction,
  request: InvocationRequest,
  services: InvocationServices,
): Promise<Invocation> {
  try {
    const { returnValue, outputData } = await invoke(fn, request, services)
    return { ok: true, value: returnValue, outputs: outputData ?? [] }
  } catch (thrown) {
    return { ok: false, error: asError(thrown) }
  }
}

async function invoke(
  fn: LoadedFunction,
  request: InvocationRequest,
  { model, hooks, log }: InvocationServices,
) {
  const { appHookData } = hooks
  let invocationContext: unknown
  const core = {
    invocationId: randomUUID(),
    state: undefined as 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined,
    request: {},
    metadata: { name: fn.name, functionId: fn.name, bindings: fn.bindings },
    log(level: LogLevel, category: string, message: string) {
      const entry = { level, message, category, hookData: {}, appHookData, invocationContext }
      hooks.runNow('log', entry)
      log(entry.level, entry.message, { functionName: fn.name, byApp: category === 'user' })
    },
  }
  core.request = rpcRequest(fn, core.invocationId, request)
  const invocation = model.getInvocationModel(core)
  const given = await invocation.getArguments()
  invocationContext = given.context

  const shared = { hookData: {}, appHookData, invocationContext }
  const before = { ...shared, functionCallback: fn.callback, inputs: given.inputs }
  core.state = 'preInvocationHooks'
  await hooks.run('preInvocation', before)

  const after = { ...shared, inputs: before.inputs, result: null as unknown, error: null as unknown }
  core.state = 'invocation'
  try {
    after.result = await invocation.invokeFunction(invocationContext, before.inputs, before.functionCallback)
  } catch (thrown) {
    after.error = thrown
  }

  core.state = 'postInvocationHooks'
  await hooks.run('postInvocation', after)
  core.state = undefined
  if (after.error !== null && after.error !== undefined) throw after.error
  return invocation.getResponse(invocationContext, after.result)
}

const hex = (bytes: number) => randomBytes(bytes).toString('hex')

function rpcRequest(fn: LoadedFunction, invocationId: string, request: InvocationRequest) {
  return {
    invocationId,
    functionId: fn.name,
    inputData: Object.entries(request.inputs).map(([name, data]) => ({ name, data })),
    triggerMetadata: request.triggerMetadata,
    traceContext: { traceParent: `00-${hex(16)}-${hex(8)}-00`, traceState: '', attributes: {} },
    retryContext: request.retryContext,
  }
}

function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  return new Error(typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? 'Unknown error'))
}

/**
 * What the host's parts know of the worker. Shapes are those of the Functions RPC (functions-host.md, a), because the
 * `@azure/functions` library speaks them.
 */

/** RpcTypedData: exactly one member is set; null, undefined and `{}` mean "null". */
export type TypedData =
  | {
      string?: string
      json?: string
      bytes?: Uint8Array
      int?: number
      double?: number
      http?: unknown
      collectionString?: { string: string[] }
      collectionBytes?: { bytes: Uint8Array[] }
      collectionDouble?: { double: number[] }
      collectionSint64?: { sint64: number[] }
    }
  | null
  | undefined

export interface Binding {
  type: string
  direction: string
  [option: string]: unknown
}

/** Durations are whole seconds: the library rounds them. */
export interface RetryOptions {
  /** -1: for ever */
  maxRetryCount: number
  retryStrategy: 'fixedDelay' | 'exponentialBackoff'
  delayInterval?: { seconds: number }
  minimumInterval?: { seconds: number }
  maximumInterval?: { seconds: number }
}

/** Told to the handler as `context.retryContext` when the host runs it again. */
export interface RetryContext {
  retryCount: number
  maxRetryCount: number
  exception: { message: string; stackTrace: string; source: string }
}

export interface LoadedFunction {
  name: string
  bindings: Record<string, Binding>
  /** `name` is the binding's name, not the function's. */
  trigger: Binding & { name: string }
  retryOptions?: RetryOptions | undefined
  /** The app's handler, called `handler(triggerValue, context)`; whatever it throws or rejects with is its failure. */
  callback: (...args: unknown[]) => unknown
}

export type Invocation =
  | { ok: true; value: TypedData; outputs: { name: string; data: TypedData }[] }
  | { ok: false; error: Error }

export interface Worker {
  /** Keyed by lower-case name. */
  functions: ReadonlyMap<string, LoadedFunction>
  /** Sorted by name, ignoring case: the order in which the host tries routes. */
  ofType(triggerType: string): LoadedFunction[]
  /** Never rejects: a handler that throws is an invocation that is not ok. */
  invoke(
    fn: LoadedFunction,
    inputs: Record<string, TypedData>,
    triggerMetadata?: Record<string, TypedData>,
    retry?: RetryContext,
  ): Promise<Invocation>
  load(appDir: string): Promise<void>
  terminate(): Promise<void>
}

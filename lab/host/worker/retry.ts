// `retry` of a registration: the host runs the same invocation again (timers and event hubs; never HTTP, never Durable).
import type { Invocation, LoadedFunction, RetryOptions, TypedData, Worker } from './contract.ts'

const ms = (interval: { seconds: number } | undefined) => (interval?.seconds ?? 0) * 1000

function pauseMs(options: RetryOptions, failures: number): number {
  if (options.retryStrategy === 'fixedDelay') return ms(options.delayInterval)
  return Math.min(ms(options.minimumInterval) * 2 ** (failures - 1), ms(options.maximumInterval))
}

export async function invokeWithRetry(
  worker: Worker,
  fn: LoadedFunction,
  inputs: Record<string, TypedData>,
  triggerMetadata: Record<string, TypedData>,
  /** Waits that long; false when the host is ending. */
  pause: (ms: number) => Promise<boolean>,
): Promise<Invocation> {
  const options = fn.retryOptions
  const maxRetryCount = options?.maxRetryCount ?? 0
  let outcome = await worker.invoke(fn, inputs, triggerMetadata)
  for (let failures = 1; !outcome.ok && options; failures++) {
    if (maxRetryCount >= 0 && failures > maxRetryCount) break
    if (!(await pause(pauseMs(options, failures)))) break
    const { message, stack = '' } = outcome.error
    const exception = { message, stackTrace: stack, source: '' }
    outcome = await worker.invoke(fn, inputs, triggerMetadata, {
      retryCount: failures,
      maxRetryCount,
      exception,
    })
  }
  return outcome
}

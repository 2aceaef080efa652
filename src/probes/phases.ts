import { performance } from 'node:perf_hooks'
import type { Evidence } from './probe.ts'
import type { Reason } from './reason.ts'

export type Phase = Evidence['phases'][number]
export type PhaseName = Phase['name']

/** Times one phase after the other: each ends where the next begins. */
export function stopwatch() {
  const phases: Phase[] = []
  let beganMs = performance.now()
  return {
    phases,
    /** The phase that has just ended. */
    lap(name: PhaseName): void {
      const nowMs = performance.now()
      phases.push({ name, ms: Math.round((nowMs - beganMs) * 10) / 10 })
      beganMs = nowMs
    },
  }
}

/**
 * What came of some work, or the signal's reason as soon as it is given: for calls that know no signal. The work itself goes on unheard.
 * @throws what the work throws, or the signal's reason
 */
export function heeding<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** A module's own limit passed, or its caller wants no answer any more. Undefined: neither. */
export function stoppedBy(signal: AbortSignal): Extract<Reason, 'TimedOut' | 'Cancelled'> | undefined {
  if (!signal.aborted) return undefined
  return (signal.reason as Error | undefined)?.name === 'TimeoutError' ? 'TimedOut' : 'Cancelled'
}

import { setTimeout as sleep } from 'node:timers/promises'
import { canned } from '../canned.ts'
import type { Injected } from '../faults.ts'
import { breaking, jsonOf } from './bodies.ts'
import type { DataAnswer, Unreached } from './call.ts'

/**
 * What a fault makes of an answer, or puts in its place.
 * @param isOverWire the caller is a process with a clock of its own: it sees that an answer is slow by waiting for it
 */
export async function struck(
  fault: Injected | undefined,
  answer: () => Promise<DataAnswer>,
  isOverWire = false,
): Promise<DataAnswer | Unreached> {
  const {
    delaySeconds,
    unreached,
    reset,
    loseResponse,
    headers,
    slowSeconds = 0,
    breakAfterBytes,
  } = fault?.do ?? {}
  if (delaySeconds) await sleep(delaySeconds * 1000)
  if (unreached) return unreachedBy(unreached)
  if (reset) return unreachedBy('ECONNRESET')
  const instead = canned(fault)
  const answered = instead
    ? {
        status: instead.status,
        headers: { 'content-type': 'application/json' },
        body: instead.body === undefined ? '' : jsonOf(instead.body),
        tookMs: 0,
      }
    : await answer()
  if (isOverWire && slowSeconds > 0) await sleep(slowSeconds * 1000)
  if (loseResponse) return unreachedBy('ECONNRESET')
  const { tookMs, body } = answered
  return {
    ...answered,
    headers: { ...answered.headers, ...lowerCased(headers) },
    tookMs: tookMs + slowSeconds * 1000,
    body: breakAfterBytes === undefined ? body : breaking(body, breakAfterBytes),
  }
}

const lowerCased = (headers: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

export const unreachedBy = (unreached: Unreached['unreached']): Unreached => ({
  unreached,
  because: 'injected by the lab',
})

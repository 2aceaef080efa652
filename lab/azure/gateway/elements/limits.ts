import { PolicyError } from '../problems.ts'
import type { Running } from '../running.ts'
import { promptEstimate } from '../token-use.ts'
import { add, freeAt, newWindow, sumOf, type Window } from '../window.ts'
import { attributesOf, type Compile, numberOf, required, textOf, truthOf } from './element.ts'

/**
 * What refuses calls by what a caller did lately: a window that slides, in each unit for itself (azure-facts 6.2), named by what is counted,
 * in which document's scope, and for whom.
 */
function windowFor(run: Running, what: string, key: string): Window {
  const { windows } = run.unit
  const name = `${what}\n${key}`
  const known = windows.get(name)
  if (known) return known
  const made = newWindow()
  windows.set(name, made)
  return made
}

const RATE = [
  'calls',
  'renewal-period',
  'counter-key',
  'retry-after-header-name',
  'remaining-calls-header-name',
  'total-calls-header-name',
] as const

const rateLimit: Compile = (element, { scope }) => {
  const given = attributesOf(element, RATE)
  const calls = numberOf(required(given.calls, 'calls'), 'calls')
  const period = numberOf(required(given['renewal-period'], 'a renewal-period'), 'a renewal-period')
  const key = textOf(required(given['counter-key'], 'a counter-key'))
  const what = `calls ${scope}`
  return (run) => {
    const window = windowFor(run, what, key(run))
    const now = run.world.azure.clock.now()
    const widthMs = period(run) * 1000
    const most = calls(run)
    if (sumOf(window, now, widthMs) >= most) {
      const seconds = Math.max(1, Math.ceil((freeAt(window, most - 1, widthMs, now) - now) / 1000))
      throw refused('RateLimitExceeded', 'Rate limit is exceeded', seconds, given['retry-after-header-name'])
    }
    add(window, now, 1)
    promise(run, given['remaining-calls-header-name'], () => most - sumOf(window, now, widthMs))
    promise(run, given['total-calls-header-name'], () => most)
  }
}

const MINUTE_MS = 60_000
const TOKENS = [
  'counter-key',
  'tokens-per-minute',
  'estimate-prompt-tokens',
  'retry-after-header-name',
  'remaining-tokens-header-name',
  'tokens-consumed-header-name',
] as const

/** Without an estimate a call is let in while anything is left, and counts once its answer tells what it took. */
const tokenLimit: Compile = (element, { scope }) => {
  const given = attributesOf(element, TOKENS)
  const limit = numberOf(required(given['tokens-per-minute'], 'tokens-per-minute'), 'tokens-per-minute')
  const key = textOf(required(given['counter-key'], 'a counter-key'))
  const estimates = truthOf(required(given['estimate-prompt-tokens'], 'estimate-prompt-tokens'))
  const what = `tokens ${scope}`
  return (run) => {
    const window = windowFor(run, what, key(run))
    const { clock } = run.world.azure
    const now = clock.now()
    const most = limit(run)
    const estimated = estimates(run) ? promptEstimate(run.call.body) : 0
    const used = sumOf(window, now, MINUTE_MS)
    if (used >= most || used + estimated > most) {
      const seconds = Math.max(
        1,
        Math.ceil((freeAt(window, most - estimated - 1, MINUTE_MS, now) - now) / 1000),
      )
      throw refused(
        'TokenLimitExceeded',
        'Token limit is exceeded',
        seconds,
        given['retry-after-header-name'],
      )
    }
    add(window, now, estimated)
    let consumed = estimated
    run.afterwards.push(({ prompt, completion }) => {
      consumed = prompt + completion
      add(window, clock.now(), Math.max(0, consumed - estimated))
    })
    promise(run, given['remaining-tokens-header-name'], () =>
      Math.max(0, most - sumOf(window, now, MINUTE_MS)),
    )
    promise(run, given['tokens-consumed-header-name'], () => consumed)
  }
}

/** A header of whatever answer the call gets. */
function promise(run: Running, name: string | undefined, value: () => number): void {
  if (name !== undefined) run.promisedHeaders.push(() => [name.toLowerCase(), String(value())])
}

const refused = (reason: string, what: string, seconds: number, header = 'Retry-After') => {
  const message = `${what}. Try again in ${seconds} seconds.`
  return new PolicyError(reason, message, {
    status: 429,
    message,
    headers: { [header.toLowerCase()]: String(seconds) },
  })
}

export const limitElements: Record<string, Compile> = {
  'rate-limit-by-key': rateLimit,
  'llm-token-limit': tokenLimit,
  'azure-openai-token-limit': tokenLimit,
}

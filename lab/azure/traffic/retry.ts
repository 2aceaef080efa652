/** When the official `openai` client for JavaScript (7.57.0, `shouldRetry` and `retryRequest`) tries again. */

const LONGEST_OBEYED_MS = 60_000
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 8000

/** What came of one try: an answer, or no connection, or none in time. */
export type Heard = { status: number; headers: Record<string, string> } | { trouble: string }

/** After its head: that is not tried again. */
export const BROKEN_OFF = 'broken off'

export function isRetried(heard: Heard): boolean {
  if ('trouble' in heard) return heard.trouble !== BROKEN_OFF
  const { status, headers } = heard
  const told = headers['x-should-retry']
  if (told === 'true') return true
  if (told === 'false') return false
  return status === 408 || status === 409 || status === 429 || status >= 500
}

/** Milliseconds to wait. `retried`: how often it was tried again before. `chance`: from 0 up to 1. */
export function waitMs(heard: Heard, retried: number, now: number, chance: number): number {
  const asked = 'headers' in heard ? askedMs(heard.headers, now) : undefined
  if (asked !== undefined && Number.isFinite(asked) && asked >= 0 && asked <= LONGEST_OBEYED_MS) return asked
  return Math.min(FIRST_WAIT_MS * 2 ** retried, LONGEST_WAIT_MS) * (1 - chance * 0.25)
}

function askedMs(headers: Record<string, string>, now: number): number | undefined {
  const milliseconds = Number.parseFloat(headers['retry-after-ms'] ?? '')
  if (!Number.isNaN(milliseconds)) return milliseconds
  const text = headers['retry-after']
  if (!text) return undefined
  const seconds = Number.parseFloat(text)
  return Number.isNaN(seconds) ? Date.parse(text) - now : seconds * 1000
}

import OpenAI from 'openai'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isRetried, waitMs } from '../../../lab/azure/traffic/retry.ts'

/** The lab's clients against the official one: the same answers, the same waits. */

const NOW = Date.parse('2026-03-01T12:00:00Z')
const CHANCE = 0.4
const RETRIES = 3

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
  vi.spyOn(Math, 'random').mockReturnValue(CHANCE)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** The moments at which the official client tries, when it always hears the same. */
async function official(hear: () => Response): Promise<number[]> {
  const triedAt: number[] = []
  const client = new OpenAI({
    apiKey: 'none',
    baseURL: 'https://nowhere.invalid/v1',
    maxRetries: RETRIES,
    fetch: async () => {
      triedAt.push(Date.now() - NOW)
      return hear()
    },
  })
  const ended = client.models.list().then(
    () => undefined,
    () => undefined,
  )
  await vi.runAllTimersAsync()
  await ended
  return triedAt
}

function ours(heard: Parameters<typeof isRetried>[0]): number[] {
  const triedAt = [0]
  for (let retried = 0; retried < RETRIES && isRetried(heard); retried++) {
    const last = triedAt.at(-1) ?? 0
    triedAt.push(last + waitMs(heard, retried, NOW + last, CHANCE))
  }
  return triedAt
}

const cases: [what: string, status: number, headers: Record<string, string>][] = [
  ['a success is not tried again', 200, {}],
  ['nor is a bad request', 400, {}],
  ['nor what is forbidden', 403, { 'retry-after': '3' }],
  ['a time-out is', 408, {}],
  ['a conflict is', 409, {}],
  ['a 429 is, by itself with growing waits', 429, {}],
  ['a failing gateway is', 502, {}],
  ['milliseconds outweigh seconds', 429, { 'retry-after-ms': '1250', 'retry-after': '9' }],
  ['seconds are obeyed', 429, { 'retry-after': '9' }],
  ['fractions of them too', 503, { 'retry-after': '1.5' }],
  ['no wait at all is obeyed', 503, { 'retry-after': '0' }],
  ['a date is obeyed', 429, { 'retry-after': 'Sun, 01 Mar 2026 12:00:40 GMT' }],
  ['a date that has passed is not', 429, { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }],
  ['a minute is obeyed', 429, { 'retry-after': '60' }],
  ['longer than a minute is not', 429, { 'retry-after': '86400' }],
  ['nor is what is no time', 429, { 'retry-after': 'soon', 'retry-after-ms': 'later' }],
  ['it does as it is told: not again', 503, { 'x-should-retry': 'false' }],
  ['it does as it is told: again', 400, { 'x-should-retry': 'true', 'retry-after': '2' }],
]

test.each(cases)('%s: %i', async (_, status, headers) => {
  const wanted = await official(() => new Response('{"data":[]}', { status, headers }))
  const found = ours({ status, headers })
  expect(found.length).toBe(wanted.length)
  // The official one sleeps whole milliseconds.
  for (const [index, at] of found.entries())
    expect(Math.abs(at - (wanted[index] ?? 0))).toBeLessThanOrEqual(3)
})

test('a connection that does not come about is tried again', async () => {
  const wanted = await official(() => {
    throw new TypeError('fetch failed')
  })
  expect(ours({ trouble: 'ECONNREFUSED' }).map(Math.round)).toEqual(wanted)
})

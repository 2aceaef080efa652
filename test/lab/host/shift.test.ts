import { afterEach, expect, test } from 'vitest'
import { clockOffsetMs, setClockOffsetMs, wallNowMs } from '../../../lab/host/clock/shift.ts'

const hourMs = 3_600_000
afterEach(() => setClockOffsetMs(0))

test('every way to ask for now is shifted alike', () => {
  setClockOffsetMs(hourMs)
  const wall = wallNowMs()
  for (const now of [Date.now(), new Date(), Reflect.construct(Date, [])])
    expect(Number(now) - wall - hourMs).toBeLessThan(100)
  expect(Math.abs(Date.parse(Date()) - wall - hourMs)).toBeLessThan(2_000)
  expect(clockOffsetMs()).toBe(hourMs)
})

test('a Date made from something is what it says', () => {
  setClockOffsetMs(hourMs)
  expect(new Date(0).getTime()).toBe(0)
  expect(new Date(2020, 1, 2).getMonth()).toBe(1)
  expect(new Date(new Date(5)).getTime()).toBe(5)
  expect(new Date('2026-01-01T00:00:00Z').toISOString()).toBe('2026-01-01T00:00:00.000Z')
  expect(Date.UTC(2020, 0, 1)).toBe(1_577_836_800_000)
})

test('instanceof, subclasses, constructor and clones keep working', () => {
  class Moment extends Date {
    twice() {
      return this.getTime() * 2
    }
  }
  setClockOffsetMs(hourMs)
  const moment = new Moment()
  expect(moment).toBeInstanceOf(Moment)
  expect(moment).toBeInstanceOf(Date)
  expect(moment.twice()).toBe(moment.getTime() * 2)
  expect(moment.getTime()).toBeGreaterThan(wallNowMs() + hourMs - 1_000)
  expect(new Moment(7).getTime()).toBe(7)
  expect(structuredClone(new Date())).toBeInstanceOf(Date)
  expect(new Date().constructor).toBe(Date)
  expect(Object.prototype.toString.call(new Date())).toBe('[object Date]')
})

test('waits and performance stay on the wall clock', async () => {
  const before = performance.now()
  setClockOffsetMs(hourMs)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(performance.now() - before).toBeLessThan(1_000)
})

test('a token cache of the usual kind renews when the clock has jumped past its end', () => {
  let minted = 0
  let token = { value: '', expiresOnMs: 0 }
  const getToken = () => {
    if (token.expiresOnMs - Date.now() < 5 * 60_000)
      token = { value: `token ${++minted}`, expiresOnMs: Date.now() + hourMs }
    return token.value
  }
  expect([getToken(), getToken()]).toEqual(['token 1', 'token 1'])
  setClockOffsetMs(40 * 60_000)
  expect(getToken()).toBe('token 1')
  setClockOffsetMs(56 * 60_000)
  expect(getToken()).toBe('token 2')
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import type { Agenda } from '../../../lab/host/clock/agenda.ts'
import { openAlarms } from '../../../lab/host/clock/alarms.ts'
import { openIdleClock } from '../../../lab/host/clock/idle.ts'
import { clockKeeperAt, type Statement } from '../../../lab/host/clock/question.ts'
import { clockOffsetMs, setClockOffsetMs } from '../../../lab/host/clock/shift.ts'
import { silentLog } from '../../../lab/host/log.ts'
import { openHost } from './open-host.ts'

afterEach(() => setClockOffsetMs(0))

/** A keeper of the clock behind HTTP that answers as it is told, and writes down what it heard. */
async function clockServer(answer: (statement: Statement) => unknown) {
  const heard: (Statement & { atMs: number })[] = []
  const connections = new Set<number | undefined>()
  const server = createServer(async (request, response) => {
    connections.add(request.socket.remotePort)
    let text = ''
    for await (const chunk of request) text += chunk
    const statement = JSON.parse(text) as Statement
    heard.push({ ...statement, atMs: performance.now() })
    response.end(JSON.stringify(await answer(statement)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { heard, connections, keeper: clockKeeperAt(`http://127.0.0.1:${port}`), server, port }
}

const isQuestion = (statement: Statement) => 'until' in statement
const never: Agenda = { nextDueMs: () => null, busy: () => false, wake: () => {} }
const later = { askAgainMs: 1_000 }

function openClock(keeper: ReturnType<typeof clockKeeperAt>, agenda: Agenda = never) {
  const clock = openIdleClock({ keeper, log: silentLog })
  clock.add(agenda)
  clock.start()
  onTestFinished(() => clock.shut())
  return clock
}

test('an idle host asks until its next due moment, adopts the offset and begins what is due', async () => {
  const due = Date.now() + 600_000
  const { heard, keeper, connections } = await clockServer(() => ({ offsetMs: 600_000, ...later }))
  const alarms = openAlarms({ open: () => true })
  onTestFinished(() => alarms.close())
  const rung = Promise.withResolvers<number>()
  alarms.at(due, () => rung.resolve(Date.now()))
  openClock(keeper, alarms)
  expect((await rung.promise) - due).toBeLessThan(5000)
  expect(heard[0]).toMatchObject({ until: due, host: expect.any(String) })
  expect(clockOffsetMs()).toBe(600_000)
  expect(connections.size).toBe(1)
})

test('while something is in flight it asks for nothing, and says each second that it is busy', async () => {
  const { heard, keeper } = await clockServer(() => ({ offsetMs: 0, ...later }))
  const clock = openClock(keeper)
  const leave = clock.enter()
  await delay(1_500)
  expect(heard.length).toBeGreaterThanOrEqual(1)
  expect(heard.length).toBeLessThanOrEqual(3)
  expect(heard.filter(isQuestion)).toEqual([])
  leave()
  await vi.waitFor(() => expect(heard.filter(isQuestion).length).toBe(1))
})

test('it asks again as soon as something has happened, else when it was told to', async () => {
  const { heard, keeper } = await clockServer(() => ({ offsetMs: 0, askAgainMs: 300 }))
  const clock = openClock(keeper)
  await vi.waitFor(() => expect(heard.length).toBe(1))
  clock.enter()()
  await vi.waitFor(() => expect(heard.length).toBe(2))
  clock.changed()
  await vi.waitFor(() => expect(heard.length).toBe(3), 1_000)
  const [, second, third] = heard
  expect((third?.atMs ?? 0) - (second?.atMs ?? 0)).toBeGreaterThan(250)
})

test('the gate is closed while the question is open, and holds what arrives', async () => {
  const answers: ((answer: object) => void)[] = []
  const { keeper } = await clockServer(() => new Promise((resolve) => answers.push(resolve)))
  const wake = vi.fn()
  const clock = openClock(keeper, { ...never, wake })
  await vi.waitFor(() => expect(answers.length).toBe(1))
  expect(clock.open()).toBe(false)
  let admittedAt: number | undefined
  const admitted = clock.admit().then((leave) => {
    admittedAt = Date.now()
    return leave
  })
  await delay(30)
  expect(admittedAt).toBeUndefined()
  const before = Date.now()
  answers[0]?.({ offsetMs: 3_600_000, askAgainMs: 10 })
  const leave = await admitted
  expect(admittedAt ?? 0).toBeGreaterThanOrEqual(before + 3_600_000)
  expect(wake).toHaveBeenCalled()
  await delay(50)
  expect(answers.length, 'in flight: not asked again').toBe(1)
  leave()
})

test('the clock never goes back, and nonsense moves nothing', async () => {
  const offsets: unknown[] = [5_000, 1_000, 'x', undefined]
  const { heard, keeper } = await clockServer(() => ({ offsetMs: offsets.shift(), askAgainMs: 1 }))
  openClock(keeper)
  await vi.waitFor(() => expect(heard.length).toBeGreaterThan(4))
  expect(clockOffsetMs()).toBe(5_000)
})

test('without a keeper in reach the host works on at wall time, and finds it when it is back', async () => {
  const { keeper, server, port, heard } = await clockServer(() => ({ offsetMs: 9_000, askAgainMs: 10 }))
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  const log = vi.fn()
  const { get } = await openHost('web', { keeper, log })
  await delay(600)
  expect((await get('/items/1')).status).toBe(200)
  expect(clockOffsetMs()).toBe(0)
  expect(log.mock.calls.filter(([level]) => level === 'warning')).toHaveLength(1)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0), 2_000)
  await vi.waitFor(() => expect(clockOffsetMs()).toBe(9_000))
})

test('no time is skipped inside a running request, and one that arrives during the question sees the jump', async () => {
  const { heard, keeper } = await clockServer(async (statement) => {
    if (isQuestion(statement)) await delay(150)
    return { offsetMs: clockOffsetMs() + 600_000, askAgainMs: 1 }
  })
  const { json } = await openHost('web', { keeper })
  await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0))
  const asked = heard.length
  const { passedMs } = await json<{ passedMs: number }>('/slow/400')
  expect(passedMs).toBeLessThan(1_000)
  expect(heard.length - asked, 'not asked while it ran').toBeLessThanOrEqual(2)
})

test('alarms ring in order, once, and not when they were called off', async () => {
  const open = { open: () => true }
  const alarms = openAlarms(open)
  const rung: string[] = []
  const now = Date.now()
  alarms.at(now + 20_000, () => rung.push('late'))
  alarms.at(now + 10_000, () => rung.push('early'))
  alarms.at(now + 15_000, () => rung.push('never'))()
  expect(alarms.nextDueMs()).toBe(now + 10_000)
  setClockOffsetMs(30_000)
  alarms.wake()
  alarms.wake()
  expect(rung).toEqual(['early', 'late'])
  const waiting = alarms.until(now + 90_000)
  alarms.close()
  expect(await waiting).toBe(false)
  expect(await alarms.until(0)).toBe(false)
})

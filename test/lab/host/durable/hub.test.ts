// The hub against a worker of our own: what it begins, and when.
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ActionType } from '../../../../lab/host/durable/actions.ts'
import { openTaskHub, type TaskHub } from '../../../../lab/host/durable/hub.ts'
import { silentLog } from '../../../../lab/host/log.ts'
import type { LoadedFunction, Worker } from '../../../../lab/host/worker/worker.ts'
import { temporaryDir } from './host.ts'

const hourMs = 3600_000
let place: ReturnType<typeof temporaryDir>
let opened: TaskHub[]
beforeEach(() => {
  place = temporaryDir()
  opened = []
})
afterEach(async () => {
  for (const hub of opened) await hub.stop()
  place[Symbol.dispose]()
})

function fn(name: string, type: string): [string, LoadedFunction] {
  const trigger = { type, direction: 'in', name: 'input' }
  return [name, { name, bindings: { input: trigger }, trigger, callback: () => undefined }]
}

/** `plot` calls `work` twice at once, `sleep` waits an hour; `work` runs until it is told to end. */
function fakeWorker() {
  const running: (() => void)[] = []
  const actions: Record<string, object> = {
    plot: {
      actionType: ActionType.WhenAll,
      compoundActions: Array(2).fill({ actionType: ActionType.CallActivity, functionName: 'work' }),
    },
    sleep: {
      actionType: ActionType.CreateTimer,
      fireAt: new Date(Date.now() + hourMs).toISOString(),
      isCanceled: false,
    },
  }
  const functions = new Map([
    fn('plot', 'orchestrationTrigger'),
    fn('sleep', 'orchestrationTrigger'),
    fn('work', 'activityTrigger'),
  ])
  const worker: Worker = {
    functions,
    ofType: () => [],
    load: async () => {},
    terminate: async () => {},
    async invoke({ name }, inputs) {
      if (name === 'work') await new Promise<void>((end) => running.push(end))
      const history = JSON.parse((inputs['input'] as { string?: string })?.string ?? '{}')?.history ?? []
      const ended = history.filter(({ EventType }: { EventType: number }) => EventType === 5).length
      const state = { isDone: ended === 2, actions: [[actions[name]]], output: 'done', schemaVersion: 3 }
      return { ok: true, value: name === 'work' ? null : { json: JSON.stringify(state) }, outputs: [] }
    },
  }
  return { worker, running }
}

function open(worker: Worker, gate = { open: () => true }, maxConcurrentActivities = 8) {
  const onChange = vi.fn()
  const limits = { maxConcurrentActivities, maxConcurrentOrchestrators: 8 }
  const options = { file: place.file, hubName: 'TestHub', origin: 'http://127.0.0.1:1', log: silentLog }
  const hub = openTaskHub({ ...options, worker, gate, limits, onChange })
  opened.push(hub)
  hub.start()
  return { hub, onChange }
}

function ask(hub: TaskHub, method: string, path: string) {
  const query = new URLSearchParams()
  return hub.handle({ method, path, query, headers: {}, body: '', origin: 'http://127.0.0.1:1', url: '' })
}
const statusOf = async (hub: TaskHub, id: string) => (await ask(hub, 'GET', `instances/${id}`)).body

test('with nothing to do it is idle and has no next moment', () => {
  const { hub } = open(fakeWorker().worker)
  expect([hub.busy(), hub.nextDueMs()]).toEqual([false, null])
})

test('a start makes it busy at once; an open timer is its next moment', async () => {
  const { hub, onChange } = open(fakeWorker().worker)
  await ask(hub, 'POST', 'orchestrators/sleep/s')
  expect(hub.busy()).toBe(true)
  await vi.waitFor(() => expect(hub.busy()).toBe(false))
  expect(hub.nextDueMs()).toBeGreaterThan(Date.now() + hourMs - 60_000)
  expect(onChange).toHaveBeenCalled()
})

test('behind a closed gate nothing begins and nothing is in flight; it is due all the same', async () => {
  let isOpen = false
  const { hub } = open(fakeWorker().worker, { open: () => isOpen })
  await ask(hub, 'POST', 'orchestrators/sleep/s')
  await delay(20)
  expect(await statusOf(hub, 's')).toMatchObject({ runtimeStatus: 'Pending' })
  expect(hub.busy()).toBe(false)
  expect(hub.nextDueMs()).toBeLessThanOrEqual(Date.now())
  isOpen = true
  hub.wake()
  await vi.waitFor(async () => expect(await statusOf(hub, 's')).toMatchObject({ runtimeStatus: 'Running' }))
})

test('no more activities run at once than the limit says', async () => {
  const { worker, running } = fakeWorker()
  const { hub } = open(worker, { open: () => true }, 1)
  await ask(hub, 'POST', 'orchestrators/plot/p')
  await vi.waitFor(() => expect(running).toHaveLength(1))
  await delay(20)
  expect(running).toHaveLength(1)
  running.shift()?.()
  await vi.waitFor(() => expect(running).toHaveLength(1))
  running.shift()?.()
  await vi.waitFor(async () =>
    expect(await statusOf(hub, 'p')).toMatchObject({ runtimeStatus: 'Completed', output: 'done' }),
  )
})

test('after stop nothing is committed: an activity that ends later runs again on the same file', async () => {
  const first = fakeWorker()
  const { hub } = open(first.worker)
  await ask(hub, 'POST', 'orchestrators/plot/p')
  await vi.waitFor(() => expect(first.running).toHaveLength(2))
  first.running.shift()?.()
  await vi.waitFor(async () => {
    const { body } = await hub.handle({
      method: 'GET',
      path: 'instances/p',
      query: new URLSearchParams({ showHistory: 'true' }),
      headers: {},
      body: '',
      origin: '',
      url: '',
    })
    expect(JSON.stringify(body)).toContain('TaskCompleted')
  })
  await hub.stop()
  first.running.shift()?.()
  await delay(20)
  expect([hub.busy(), hub.nextDueMs(), (await ask(hub, 'GET', 'instances/p')).status]).toEqual([
    false,
    null,
    503,
  ])

  const second = fakeWorker()
  const again = open(second.worker).hub
  await vi.waitFor(() => expect(second.running).toHaveLength(1))
  second.running.shift()?.()
  await vi.waitFor(async () =>
    expect(await statusOf(again, 'p')).toMatchObject({ runtimeStatus: 'Completed' }),
  )
})

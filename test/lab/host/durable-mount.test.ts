import { expect, test } from 'vitest'
import { generousClock } from './generous-clock.ts'
import { openHost } from './open-host.ts'

interface Status {
  runtimeStatus: string
  output: { noted: string; passedMs: number }
}

test('an orchestration that waits 45 minutes ends in moments', async () => {
  const keeper = generousClock()
  const { json } = await openHost('durable', { keeper })
  const wallStart = performance.now()
  const { id } = await json<{ id: string }>('/start', { method: 'POST', body: '{"a":1}' })
  await keeper.advance(50 * 60_000)
  const { runtimeStatus, output } = await json<Status>(`/status/${id}`)
  expect(runtimeStatus).toBe('Completed')
  expect(output.noted).toBe('noted {"a":1}')
  expect(output.passedMs).toBeGreaterThanOrEqual(45 * 60_000)
  expect(performance.now() - wallStart).toBeLessThan(3_000)
})

test('an activity can be fired by hand, an orchestration cannot', async () => {
  const keeper = generousClock()
  const { fire, json } = await openHost('durable', { keeper })
  expect((await fire('note', '{"by":"hand"}')).status).toBe(202)
  await keeper.advance(1)
  expect(await json('/ran')).toEqual([{ by: 'hand' }])
  expect((await fire('longWait')).status).toBe(400)
})

import { expect, test, vi } from 'vitest'
import { fakeAzure } from './fake-azure.ts'
import { temporaryDirectory } from './open-host.ts'
import { spawnHost } from './spawn-host.ts'

interface Seen {
  name: string
  value: unknown
}

const numbered = Array.from({ length: 12 }, (_, index) => `event ${index}.`)

test('a host killed in the middle of a batch hands over that batch again, and none before it', async () => {
  const { origin, state: azure } = await fakeAzure()
  const state = temporaryDirectory()
  const start = (env: Record<string, string> = {}) =>
    spawnHost('events', {
      azure: origin,
      args: ['--state', state],
      env: {
        ALERTS_HUB: 'alerts',
        Hub__fullyQualifiedNamespace: 'evhns-home.servicebus.windows.net',
        ...env,
      },
    })
  const handedOver = async (host: Awaited<ReturnType<typeof start>>) =>
    (await host.json<Seen[]>('/seen')).flatMap(({ name, value }) => (name === 'alerts' ? [value] : []))

  azure.events.push(...numbered)
  const first = await start({ HANGS_AT: 'event 7.' })
  await vi.waitFor(async () => expect((await handedOver(first)).flat()).toContain('event 7.'), 10_000)
  const before = await handedOver(first)
  first.child.kill('SIGKILL')
  await first.exited

  const second = await start()
  await vi.waitFor(async () => expect((await handedOver(second)).flat()).toContain('event 11.'), 10_000)
  const after = await handedOver(second)
  expect([...before.slice(0, -1), ...after].flat(), 'nothing lost, nothing but that batch twice').toEqual(
    numbered,
  )
  expect(after[0], 'the seed cuts as before').toEqual(before.at(-1))
})

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { AlertsView } from '../../src/alerts/show.ts'
import { healthAlert, throttlingAlert } from '../alerts/common-alert.ts'
import { type Running, running, untilUp } from './lab.ts'

const hub = 'evhns-ops/alerts'
/** Of the clock of these tests no moment is older. */
const since = '2026-01-01T00:00:00Z'

const shown = (here: Running, environment?: string) => untilUp(() => here.client.alerts(environment, since))

/** Looks until it is so, for half a minute. */
async function until(here: Running, isSo: (shown: AlertsView) => boolean): Promise<AlertsView> {
  for (let tries = 0; ; tries++) {
    const view = await shown(here)
    if (isSo(view) || tries > 300) return view
    await sleep(100)
  }
}

const notices = ({ alerts }: AlertsView) =>
  alerts.map(({ id, condition }) => `${id.split('/').at(-1)} ${condition}`)

test('an alert in the hub is told by the app: which backend, when, how bad; what is none is told, too', async () => {
  await using here = await running()
  await here.azure.sendEvents(hub, [
    throttlingAlert(1),
    throttlingAlert(1),
    'no JSON at all',
    healthAlert(2),
    throttlingAlert(1, 'Resolved'),
  ])
  const { alerts, deadLetters } = await until(
    here,
    (view) => view.alerts.length === 3 && view.deadLetters.length === 1,
  )
  expect(alerts).toMatchObject([
    {
      condition: 'resolved',
      resolvedAt: '2026-11-25T10:09:00.123Z',
      environment: 'contoso',
      pool: 'gpt-4o',
      backend: 'contoso-eus-gpt-4o',
      deployment: 'gpt-4o',
      value: 17,
    },
    { firedAt: '2026-11-25T10:00:00.123Z' },
    { firedAt: '2026-11-25T10:00:00.123Z' },
  ])
  expect(deadLetters).toMatchObject([{ reason: 'not JSON', text: 'no JSON at all' }])
  expect(notices(await shown(here, 'contoso'))).toEqual(['1 resolved', '1 fired'])
  expect(notices(await shown(here, 'fabrikam'))).toEqual([])
  const refused = await fetch(new URL('/api/alerts?since=yesterday', here.lab.app))
  expect([refused.status, await refused.json()]).toMatchObject([400, { reason: 'invalid-since' }])
}, 60_000)

test('how a resource is goes by action group and hub to the app, within minutes of Azure’s time', async () => {
  await using here = await running()
  const resources = await here.azure.resources()
  const { id } = resources.find(({ type }) => type === 'Microsoft.Network/virtualNetworks') ?? { id: '' }
  await here.azure.tellHealth(id, 'Unavailable')
  const { alerts } = await until(here, (view) => view.alerts.length > 0)
  const [alert] = alerts
  if (!alert) throw new Error('nothing came')
  expect(alert).toMatchObject({ kind: 'health', health: 'Unavailable', targets: [id.toLowerCase()] })
  const lagMs = Date.parse(alert.recordedAt) - Date.parse(alert.firedAt)
  expect(lagMs).toBeGreaterThanOrEqual(0)
  expect(lagMs).toBeLessThan(5 * 60_000)
}, 60_000)

const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 100_000)
const kills = Number(process.env['ALERT_KILLS'] ?? 3)

/** The same seed, the same fractions. */
function random(from: number): () => number {
  let state = from + 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

test(
  `whichever half is killed, every alert is recorded, and once (KILL_SEED=${seed})`,
  async () => {
    const draw = random(seed)
    await using here = await running()
    const sent = new Set<string>()
    let number = 0
    for (let kill = 0; kill < kills; kill++) {
      const half = draw() < 0.5 ? 'azure' : 'host'
      const killing = sleep(draw() * 60).then(() => here.lab.halves[half].kill())
      const bursts = 1 + Math.floor(draw() * 8)
      for (let burst = 0; burst < bursts; burst++) {
        const events = Array.from({ length: 1 + Math.floor(draw() * 12) }, () => {
          if (draw() < 0.1) return `garbage ${++number}`
          const condition = draw() < 0.4 ? 'Resolved' : 'Fired'
          const which = draw() < 0.3 ? Math.max(number, 1) : ++number
          return throttlingAlert(which, condition)
        })
        // A send that met a dying process may have come to pass; the hub is asked, at the end, what it holds.
        await here.azure.sendEvents(hub, events).catch(() => undefined)
      }
      await killing
      await here.lab.restart(half)
    }
    await here.azure.sendEvents(hub, [throttlingAlert(++number)])

    const held = await here.azure.events(hub)
    const garbage = held.filter(({ body }) => body.startsWith('garbage'))
    for (const { body } of held) {
      if (body.startsWith('garbage')) continue
      const { alertId, monitorCondition } = JSON.parse(body).data.essentials
      sent.add(`${alertId.split('/').at(-1)} ${monitorCondition.toLowerCase()}`)
    }
    const view = await until(
      here,
      ({ alerts, deadLetters }) => alerts.length >= sent.size && deadLetters.length >= garbage.length,
    )
    expect(notices(view).toSorted()).toEqual([...sent].toSorted())
    expect(view.deadLetters.map(({ text }) => text).toSorted()).toEqual(
      garbage.map(({ body }) => body).toSorted(),
    )
    // Nothing comes twice later, and a host started on the same state hands nothing over again that it was done with.
    await here.lab.halves.host.kill()
    await here.lab.restart('host')
    await untilUp(() => here.azure.advance(600))
    expect(await shown(here)).toEqual(view)
  },
  60_000 + kills * 10_000,
)

import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { startAzure } from '../../../lab/azure/server.ts'
import { openAzure } from './open.ts'
import { killed, spawnAzure, temporaryDirectory } from './process.ts'

const body = { location: 'eastus' }
const table = (group: string, name: string) => `${group}/providers/Microsoft.Network/routeTables/${name}`

test('SIGKILL at any moment loses nothing that was acknowledged', async () => {
  const state = temporaryDirectory()
  const acknowledged: string[] = []
  let journalled = 0
  for (let life = 0; life < 3; life++) {
    const azure = await spawnAzure('--state', state, '--seed', '3')
    const resources: { name: string }[] = await azure.lab('GET', 'resources')
    const names = new Set(resources.map(({ name }) => name))
    for (const name of acknowledged) expect(names).toContain(name)
    expect((await azure.journal()).length).toBeGreaterThanOrEqual(journalled)
    let killing: Promise<unknown> | undefined
    for (let index = 0; ; index++) {
      const name = `rt-${life}-${index}`
      const answer = await azure.arm('PUT', table(azure.group, name), { body }).catch(() => undefined)
      if (!answer) break
      journalled++
      if (answer.status === 201) acknowledged.push(name)
      // Somewhere in the midst of the calls that follow.
      if (index === 3 + 4 * life) killing = killed(azure.child, 'SIGKILL')
    }
    await killing
  }
  expect(acknowledged.length).toBeGreaterThan(5)
})

test('a restart finds clock, keys, faults and running operations as they were', async () => {
  const state = temporaryDirectory()
  const first = await spawnAzure('--state', state, '--seed', '5', '--temper', 'usual')
  await first.advance(7200)
  const { access_token } = await first.tokenFor('https://management.azure.com')
  await first.fault({ path: 'never' }, { status: 500 })
  // It takes minutes: a process that is slow to start must not be too late for it.
  const account = `${first.group}/providers/Microsoft.CognitiveServices/accounts/contoso-restart`
  await first.arm('PUT', account, {
    body: { ...body, kind: 'AIServices', sku: { name: 'S0' }, properties: {} },
  })
  await first.advance(20)
  const before = first.about
  await killed(first.child, 'SIGKILL')

  const second = await spawnAzure('--state', state)
  expect(second.about).toMatchObject({ seed: 5, ca: before.ca, identity: { header: before.identity.header } })
  expect(second.about.clock.offsetMs).toBeGreaterThan(7_000_000)
  expect(await second.lab('GET', 'faults')).toHaveLength(1)
  const headers = { authorization: `Bearer ${access_token}` }
  const stateOf = async () =>
    (await second.arm('GET', account, { headers })).body.properties.provisioningState
  expect(await stateOf()).toBe('Accepted')
  await second.advance(240)
  expect(await stateOf()).toBe('Succeeded')
})

test('SIGTERM ends it with 0 and leaves nothing; so does the end of its parent', async () => {
  const first = await spawnAzure()
  expect(existsSync(first.ready.state)).toBe(true)
  expect(await killed(first.child, 'SIGTERM')).toBe(0)
  expect(existsSync(first.ready.state)).toBe(false)

  const second = await spawnAzure()
  const exit = once(second.child, 'exit')
  second.child.disconnect()
  expect(await exit).toEqual([0, null])
  expect(existsSync(second.ready.state)).toBe(false)
})

test('a state in use and a port in use are refused, and nothing is left of the attempt', async () => {
  const state = temporaryDirectory()
  const first = await openAzure({ state })
  const elsewhere = temporaryDirectory()
  vi.stubEnv('TMPDIR', elsewhere)
  await expect(startAzure({ state })).rejects.toThrow(/in use by another process/)
  await expect(startAzure({ port: Number(new URL(first.url).port) })).rejects.toThrow(/EADDRINUSE/)
  expect(readdirSync(elsewhere)).toEqual([])
  vi.unstubAllEnvs()
})

test('a snapshot restored elsewhere is the same world at the same time, and goes on', async () => {
  const one = await openAzure()
  await one.advance(5 * 3600)
  await one.arm('PUT', table(one.group, 'rt-x'), {
    body,
    headers: fresh(await one.tokenFor('https://management.azure.com')),
  })
  const snapshot = await one.lab('GET', 'state')
  const other = await openAzure({ world: 'empty' })
  await other.lab('POST', 'state', snapshot)
  const clock = await other.lab('GET', 'clock')
  expect(Date.parse(clock.now)).toBeGreaterThanOrEqual(Date.parse(snapshot.now))
  expect((await other.lab('GET', 'state')).tables.resources).toEqual(snapshot.tables.resources)
  expect(await other.journal()).toEqual(await one.journal())
  const shown = (await other.lab('GET', 'resources')).find(({ name }: { name: string }) => name === 'rt-x')
  expect(shown.properties.provisioningState).toBe('Updating')
  await other.advance(9)
  expect((await other.arm('GET', table(other.group, 'rt-x'))).body.properties.provisioningState).toBe(
    'Succeeded',
  )
  const rows = (await other.journal()).map(({ seq }) => seq)
  expect(new Set(rows).size).toBe(rows.length)
})

const fresh = ({ access_token }: { access_token: string }) => ({ authorization: `Bearer ${access_token}` })

test('what is no snapshot is refused and changes nothing', async () => {
  const lab = await openAzure()
  await expect(lab.lab('POST', 'state', { version: 2 })).rejects.toThrow(/400/)
  expect((await lab.arm('GET', lab.group)).status).toBe(200)
})

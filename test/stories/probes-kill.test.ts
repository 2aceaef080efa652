import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import tls from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startAzurite } from '../../lab/host/azurite.ts'
import type { StateRow } from '../../src/probing/rows.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { type Running, untilUp } from './lab.ts'
import { provisioned } from './provisioned.ts'

/** The host is killed in the middle of its minutes; what was seen is counted once, and what has to be told is told, as one incident. */
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 100_000)

let here: Running
beforeAll(async () => {
  process.env['OPS_PROBES'] = 'on'
  here = await provisioned()
}, 240_000)
afterAll(() => here[Symbol.asyncDispose]())

test(`killed three times while it probes, it counts every round once and tells one incident (KILL_SEED=${seed})`, async () => {
  const minutes = async (count: number) => {
    for (let left = count; left > 0; left--) await here.azure.advance(60)
  }
  await minutes(1)
  const link = (await here.azure.resources()).find(
    ({ type, id }) =>
      type.toLowerCase() === 'microsoft.network/privatednszones/virtualnetworklinks' &&
      id.includes('privatelink.openai.azure.com'),
  )
  expect(link).toBeDefined()
  await here.azure.arm('DELETE', `${link?.id}?api-version=2024-06-01`)
  for (const [kill, afterMs] of [0, 1, 2].map((kill) => [kill, drawn(kill) * 1_200] as const)) {
    const passing = here.azure.advance(60).catch(() => undefined)
    await sleep(afterMs)
    await here.lab.halves.host.kill()
    await here.lab.restart('host')
    await passing
    await minutes(kill === 2 ? 5 : 2)
  }
  // A killed minute keeps its lease for two, and what failed has to fail again.
  const told = () => untilUp(() => here.client.incidents('contoso'))
  for (let left = 10; left > 0 && (await told()).length === 0; left--) await minutes(1)
  await here.lab.halves.host.stop()
  await using store = await tablesOf(here)

  const waiting = (await store.rounds.list('contoso')).flatMap(({ taken }) => taken)
  expect(
    waiting.filter(({ probe }) => !probe.startsWith('agent/')),
    'only runs that ended after the last minute wait to be counted',
  ).toEqual([])
  const states = await store.probeStates.list('contoso')
  const rounds = (state: StateRow) => state.recent.map(([round]) => round)
  expect(states.length).toBeGreaterThan(190)
  for (const { probe, recent, hour, closed } of states) {
    const counted = [hour, ...(closed ? [closed] : [])].reduce(
      (sum, { pass, fail, inconclusive }) => sum + pass + fail + inconclusive,
      0,
    )
    expect(new Set(recent.map(([round]) => round)).size, `${probe}: no round twice`).toBe(recent.length)
    expect(counted, `${probe}: hours and rounds`).toBe(recent.length)
  }
  const hours = await store.verdicts.list('contoso')
  expect(hours.map((row) => JSON.stringify(row)).toSorted(), 'hours that are over are kept').toEqual(
    states.flatMap(({ closed }) => (closed ? JSON.stringify(closed) : [])).toSorted(),
  )
  const names = states.filter(({ probe }) => probe.startsWith('dns/'))
  const [first] = names
  expect(first?.recent.length).toBeGreaterThan(5)
  for (const name of names)
    expect(rounds(name), 'no round is half counted').toEqual(rounds(first as StateRow))

  const incidents = await store.incidents.list('contoso')
  expect(incidents.map(({ state, cause }) => [state, cause.resource])).toEqual([
    ['fired', 'dns-link/privatelink.openai.azure.com'],
  ])
  expect(incidents[0]?.notices).toMatchObject([{ is: 'fired', logged: true }])
}, 90_000)

const drawn = (kill: number) => ((seed * 7_919 + kill * 104_729) % 1_000) / 1_000

/** The app's tables, once the app has gone. */
async function tablesOf({ lab }: Running): Promise<Store & AsyncDisposable> {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(lab.ca, 'utf8')])
  const post = async <Answer>(path: string, body: object): Promise<Answer> => {
    const answer = await fetch(new URL(path, lab.azure), { method: 'POST', body: JSON.stringify(body) })
    return (await answer.json()) as Answer
  }
  const names = ['localhost', '127.0.0.1']
  const certificate = await post<{ certificate: string; privateKey: string }>('/_lab/certificates', { names })
  const dir = join(lab.state, 'host', 'azurite')
  const azurite = await startAzurite({ dir, ...certificate, onLost: () => {} })
  const { identity } = (await (await fetch(new URL('/_lab', lab.azure))).json()) as {
    identity: { clientId: string; endpoint: string; header: string }
  }
  const asked = new URL(identity.endpoint)
  const wanted = {
    resource: 'https://storage.azure.com',
    'api-version': '2019-08-01',
    client_id: identity.clientId,
  }
  for (const [name, value] of Object.entries(wanted)) asked.searchParams.set(name, value)
  const answer = await fetch(asked, { headers: { 'x-identity-header': identity.header } })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) }
  return {
    ...openStore(azurite.tables, async () => credential),
    [Symbol.asyncDispose]: () => azurite.stop(),
  }
}

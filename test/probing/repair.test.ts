import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { agentRun } from '../../src/probing/agent-run.ts'
import { repairIncident } from '../../src/probing/repair.ts'
import type { IncidentRow } from '../../src/probing/rows.ts'
import { openWebhook } from '../../src/probing/webhook.ts'
import { surroundings } from '../fixtures.ts'
import { document, probe, world } from './fakes.ts'

const incident: IncidentRow = {
  id: 'one',
  environment: 'contoso',
  state: 'fired',
  cause: {
    key: 'subnet/snet-apim',
    layer: 'dns',
    resource: 'subnet/snet-apim',
    reason: 'NameNotFound',
    message: 'its subnet is bent',
    remedy: 'repair it',
    repair: { resource: 'subnet/snet-apim', class: 'safe' },
    roots: ['dns'],
    muted: [],
  },
  earlier: [],
  openedMs: 0,
  lastSeenMs: 0,
  confirmedBy: 'control plane',
  notices: [],
}

/** Thinks of the incident's repair, in an environment whose document allows these classes. */
async function thought(auto: 'safe'[]) {
  const here = world([])
  await here.begin()
  const allowing = { ...document, repair: { auto, budgetPerHour: 5 } }
  const [row] = await here.store.environments.list('environment')
  if (!row) throw new Error('there is no environment')
  await here.store.environments.put('environment', 'contoso', { ...row, document: allowing })
  const started: string[] = []
  const orchestrations = {
    status: async () => 'absent' as const,
    start: async (id: string) => {
      started.push(id)
    },
  }
  const think = (of: IncidentRow, nowMs: number) =>
    repairIncident(here.store, orchestrations, { autoRepair: true, surroundings }, allowing, of, {
      nowMs,
      random: 'abcd',
    })
  return { think, started, now: here.now() }
}

test('a cause that is safe to repair is repaired unasked where the document says so, and not twice in half an hour', async () => {
  const { think, started, now } = await thought(['safe'])
  const decided = await think(incident, now)
  expect(started).toHaveLength(1)
  expect(decided.repair).toEqual({ atMs: now, decision: 'repairing unasked' })
  expect(await think(decided, now + 29 * 60_000)).toBe(decided)
  expect(started).toHaveLength(1)
})

test('where the document does not say so, it is left, and why is kept', async () => {
  const { think, started, now } = await thought([])
  expect((await think(incident, now)).repair?.decision).toBe('nothing that may be repaired unasked')
  const { repair: _, ...cause } = incident.cause
  const without = { ...incident, cause }
  expect(await think(without, now), 'a cause without a repair is nothing to think about').toBe(without)
  expect(started).toEqual([])
})

test('a webhook gets JSON; a redirect is not followed, and anything but 2xx is a no', async () => {
  const got: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    got.push(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`)
    if (request.url === '/moved') response.writeHead(302, { location: '/ok' })
    else response.writeHead(request.url === '/ok' ? 204 : 503)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect(await openWebhook(`${url}/ok`)('{"a":1}')).toBe(true)
  await expect(openWebhook(`${url}/moved`)('{}')).rejects.toThrow('302')
  await expect(openWebhook(`${url}/busy`)('{}')).rejects.toThrow('503')
  expect(got).toEqual([
    'POST /ok application/json {"a":1}',
    'POST /moved application/json {}',
    'POST /busy application/json {}',
  ])
  server.closeAllConnections()
  server.close()
})

test('an agent’s run is written ahead by who ran it, and counted by the next minute', async () => {
  const agent = probe('agent', { beat: 'agents' })
  const here = world([agent])
  await here.begin()
  const clock = { nowMs: here.now, random: () => 'abcd' }
  expect(await agentRun(here.store, here.probes, { environment: 'contoso', probe: 'agent' }, clock)).toBe(
    'pass',
  )
  expect(await here.store.rounds.list('contoso')).toHaveLength(1)
  await here.minute()
  expect(await here.store.rounds.list('contoso')).toEqual([])
  expect((await here.state('agent'))?.hour.pass).toBeGreaterThan(0)
  expect(await agentRun(here.store, here.probes, { environment: 'contoso', probe: 'other' }, clock)).toBe(
    'not described any more',
  )
})

import { HttpRequest, InvocationContext } from '@azure/functions'
import { expect, test } from 'vitest'
import type { App } from '../../functions/app.ts'
import { Incidents, Probe, ProbeRan, Probes, ProbesRan, Proof } from '../../functions/probe-schemas.ts'
import type { Handler } from '../../functions/route.ts'
import { routes } from '../../functions/routes.ts'
import { probeKey } from '../../src/probing/keys.ts'
import { surroundings } from '../fixtures.ts'
import { probe, verdict, world } from '../probing/fakes.ts'

const inside = probe('tcp/contoso-eus.openai.azure.com:443', {
  proves: ['subnet/snet-apim'],
  journey: 'isolation',
})
const name = probe('dns/contoso', { layer: 'dns' })
const outside = probe('internet/contoso-eus.openai.azure.com', { vantage: 'internet', expect: 'fails' })

const never = () => Promise.reject(new Error('is not asked'))

/** Calls a door by its name, as its route says. */
function doors(here: ReturnType<typeof world>) {
  const app: App = {
    store: here.store,
    surroundings,
    resourceGroups: [],
    autoBalance: true,
    probes: here.probes,
    plan: never,
    preflight: never,
    audit: never,
    importGroup: never,
    orchestrations: () => ({ status: never, start: never }),
  }
  return async (
    door: string,
    params: Record<string, string> = {},
    sent: { query?: string; body?: unknown } = {},
  ) => {
    const route = routes.find((one) => one.name === door)
    if (!route) throw new Error(`there is no door ${door}`)
    const request = new HttpRequest({
      url: `http://localhost/${route.path}${sent.query ?? ''}`,
      method: route.method,
      params: { name: 'contoso', ...params },
      query: Object.fromEntries(new URLSearchParams(sent.query ?? '')),
      ...(sent.body === undefined ? {} : { body: { string: JSON.stringify(sent.body) } }),
    })
    const context = new InvocationContext({ functionName: door, invocationId: 'i', logHandler: () => {} })
    const handler: Handler = route.handler
    const caller = { id: 'somebody', name: 'Somebody', roles: ['Ops.Operate'] }
    const answer = await handler({ request, context, caller, app })
    const body = answer.jsonBody ?? JSON.parse(String(answer.body))
    return { status: answer.status ?? 200, body }
  }
}

async function standing() {
  const here = world([inside, name, outside])
  await here.begin()
  await here.minutes(3)
  here.answers(inside.id, 'fail', 'Refused')
  await here.minutes(3)
  return { here, call: doors(here) }
}

test('every answer has the shape the route table says', async () => {
  const { call } = await standing()
  const key = { probe: probeKey(inside.id) }
  const answers = [
    [Probes, await call('listProbes')],
    [Probe, await call('getProbe', key)],
    [ProbeRan, await call('runProbe', key)],
    [ProbesRan, await call('runProbes')],
    [Incidents, await call('listIncidents')],
    [Proof, await call('getProof')],
  ] as const
  for (const [schema, { status, body }] of answers) {
    expect(status).toBe(200)
    expect(schema.parse(body)).toEqual(body)
  }
})

test('the list tells how each stands, the one its failures with phases and trace', async () => {
  const { call } = await standing()
  const { body } = await call('listProbes')
  expect(body.probes).toMatchObject([
    { id: inside.id, recent: 'pppfff', reason: 'Refused' },
    { id: name.id, recent: 'pppppp' },
    { id: outside.id, stands: 'never asked' },
  ])
  const one = await call('getProbe', { probe: probeKey(inside.id) })
  expect(one.body.failures).toHaveLength(3)
  expect(one.body.failures[0].verdict).toEqual(verdict('fail', 'Refused'))
})

test('asking by hand is no round: it tells, and counts nothing', async () => {
  const { here, call } = await standing()
  const before = await here.state(inside.id)
  here.answers(inside.id, 'pass')
  const { body } = await call('runProbe', { probe: probeKey(inside.id) })
  expect(body).toEqual({ probe: inside.id, verdict: verdict('pass') })
  await call('runProbes')
  expect(await here.state(inside.id)).toEqual(before)
  expect(await here.store.rounds.list('contoso')).toEqual([])
})

test('a layer may be asked alone; what is asked from the internet is not asked from inside', async () => {
  const { call } = await standing()
  const asked = async (query: string) =>
    (await call('runProbes', {}, { query })).body.answers.map((one: { probe: string }) => one.probe)
  expect(await asked('?layer=dns')).toEqual([name.id])
  expect(await asked('')).toEqual([inside.id, name.id])
  expect((await call('runProbes', {}, { query: '?layer=http://evil.example' })).status).toBe(400)
  expect((await call('runProbe', { probe: probeKey(outside.id) })).status).toBe(409)
})

test('nothing of a request says where to: only keys of derived probes are known', async () => {
  const { call } = await standing()
  for (const key of ['http://evil.example', inside.id, '169.254.169.254', ''])
    for (const door of ['getProbe', 'runProbe']) expect((await call(door, { probe: key })).status).toBe(404)
  expect((await call('listProbes', { name: 'other' })).status).toBe(404)
})

const handedIn = (id: string, at = Date.now(), result: 'pass' | 'fail' = 'pass') => ({
  environment: 'contoso',
  vantage: 'internet',
  verdicts: [{ probe: id, at: new Date(at).toISOString(), verdict: verdict(result) }],
})

test('verdicts from outside are kept like any other, with who handed them in', async () => {
  const { here, call } = await standing()
  const { status, body } = await call('submitVerdicts', {}, { body: handedIn(outside.id) })
  expect([status, body]).toEqual([202, { accepted: 1 }])
  await here.minute()
  expect(await here.state(outside.id)).toMatchObject({ handedInBy: 'somebody', hour: { pass: 1 } })
  expect((await call('listProbes')).body.probes[2]).toMatchObject({
    stands: 'passing',
    handedInBy: 'somebody',
  })
})

test.each([
  ['of a probe that is asked from inside', handedIn(inside.id)],
  ['of no probe at all', handedIn('internet/elsewhere')],
  ['more than an hour old', handedIn(outside.id, Date.now() - 61 * 60_000)],
  ['of the future', handedIn(outside.id, Date.now() + 10 * 60_000)],
  ['for another environment', { ...handedIn(outside.id), environment: 'fabrikam' }],
  ['with more than a verdict has', { ...handedIn(outside.id), url: 'http://evil.example' }],
  ['that are none', { verdicts: [] }],
])('verdicts %s are refused, and nothing is kept', async (_name, body) => {
  const { here, call } = await standing()
  expect((await call('submitVerdicts', {}, { body })).status).toBe(400)
  expect(await here.store.rounds.list('contoso')).toEqual([])
})

test('reading needs Ops.Read, asking and handing in Ops.Operate', () => {
  const role = (door: string) => routes.find((one) => one.name === door)?.role
  expect(['listProbes', 'getProbe', 'listIncidents', 'getProof'].map(role)).toEqual(Array(4).fill('Ops.Read'))
  expect(['runProbe', 'runProbes', 'submitVerdicts'].map(role)).toEqual(Array(3).fill('Ops.Operate'))
})

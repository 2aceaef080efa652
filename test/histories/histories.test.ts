import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ArmObject, Fault } from '../../lab/azure-client.ts'
import type { Document } from '../../src/environment/schema.ts'
import { contosoDocument } from '../fixtures.ts'
import { comparable } from '../stories/lab.ts'
import { type Here, openHere } from './world.ts'

/**
 * Random histories of an environment, and what must hold after each step of any of them (the five invariants):
 * 1 after a succeeded apply the plan is empty; 2 killed anywhere and resumed, it ends as if it had not been; 3 nothing protected or not ours is deleted
 * or rewritten; 4 no two writes of ours are in flight in one lock domain; 5 destroy ends empty, or names what is left.
 * HISTORIES sets how many, FC_SEED replays.
 */
const histories = Number(process.env['HISTORIES'] ?? 200)

/** The same histories each time, so that a red run is about the change; `npm run test:long` draws others. */
const seed = Number(process.env['FC_SEED'] ?? 20_261_123)

let here: Here
let home: ArmObject[]
beforeAll(async () => {
  here = await openHere()
  home = await here.resources()
})
afterAll(() => here.close())

type Step =
  | { do: 'apply'; edit: number; kills: number[] }
  | { do: 'repair'; kills: number[] }
  | { do: 'destroy'; includeProtected: boolean; kills: number[] }
  | { do: 'drift'; which: number }
  | { do: 'fault'; which: number; from: number }

const kills = fc.array(fc.integer({ min: 2, max: 400 }), { maxLength: 3 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('apply' as const), edit: fc.nat(3), kills }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repair' as const), kills }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('destroy' as const), includeProtected: fc.boolean(), kills }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('drift' as const), which: fc.nat(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      which: fc.nat(5),
      from: fc.integer({ min: 1, max: 60 }),
    }),
  },
)

const edited = (edit: number): Document => {
  const document = contosoDocument()
  if (edit === 1) return { ...document, tags: { owner: 'platform', stage: 'two' } }
  if (edit === 2) return { ...document, network: { ...document.network, agents: undefined } }
  if (edit === 3)
    return {
      ...document,
      network: {
        ...document.network,
        subnets: { ...document.network.subnets, privateEndpoints: '192.168.3.0/26' },
      },
    }
  return document
}

const error = (code: string) => ({ error: { code, message: code } })
const faults: Fault['do'][] = [
  { status: 429, headers: { 'retry-after': '7' }, body: error('TooManyRequests') },
  { status: 500, body: error('InternalServerError') },
  { reset: true },
  { loseResponse: true },
  { status: 412, body: error('PreconditionFailed') },
  { status: 401, body: error('ExpiredAuthenticationToken') },
]

const group =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-contoso-ai/providers/Microsoft.Network'
/** What a stranger does: adds things of their own, bends or removes ours. */
const drifts: ((world: ArmObject[]) => Promise<void>)[] = [
  () =>
    here.stranger(
      'PUT',
      `${group}/virtualNetworks/vnet-contoso-ai/subnets/snet-theirs?api-version=2025-05-01`,
      { properties: { addressPrefix: '192.168.200.0/24' } },
    ),
  async (world) => {
    const mine = world.find(({ name }) => name === 'nsg-private-endpoints')
    const rules = (mine?.properties?.['securityRules'] ?? []) as { properties: { priority: number } }[]
    const theirs = { name: 'theirs', properties: { ...rules[0]?.properties, priority: 4000 } }
    if (mine && !JSON.stringify(rules).includes('"theirs"'))
      await here.stranger('PUT', `${mine.id}?api-version=2025-05-01`, {
        ...mine,
        properties: { ...mine.properties, securityRules: [...rules, theirs] },
      })
  },
  async (world) => {
    const mine = world.find(({ name }) => name === 'nsg-apim')
    const rules = (mine?.properties?.['securityRules'] ?? []) as unknown[]
    if (mine)
      await here.stranger('PUT', `${mine.id}?api-version=2025-05-01`, {
        ...mine,
        properties: { ...mine.properties, securityRules: rules.slice(2) },
      })
  },
  () =>
    here.stranger(
      'DELETE',
      `${group}/privateDnsZones/contoso-apim.scm.azure-api.net/A/@?api-version=2024-06-01`,
    ),
  async (world) => {
    const mine = world.find(({ name }) => name === 'pip-contoso-apim')
    if (mine)
      await here.stranger('PUT', `${mine.id}?api-version=2025-05-01`, { ...mine, tags: { theirs: 'kept' } })
  },
  () =>
    here.stranger(
      'DELETE',
      `${group}/virtualNetworks/vnet-contoso-ai/subnets/snet-agents?api-version=2025-05-01`,
    ),
]

/** The strangers' things that are there: they must never go by our hand. */
const theirs = (world: ArmObject[]) => [
  ...world.filter(({ name }) => name === 'snet-theirs').map(({ id }) => id),
  ...world
    .filter(({ name }) => name === 'nsg-private-endpoints')
    .flatMap(({ id, properties }) =>
      JSON.stringify(properties?.['securityRules']).includes('"theirs"') ? [`${id}#theirs`] : [],
    ),
]

async function play(steps: Step[]): Promise<void> {
  await here.reset()
  let document = edited(0)
  let faulty = false
  for (const it of steps) {
    const before = await here.resources()
    const seq = (await here.journal()).length
    if (it.do === 'fault') {
      await here.addFault({ match: { plane: 'arm', from: it.from, count: 2 }, do: faults[it.which] ?? {} })
      faulty = true
      continue
    }
    if (it.do === 'drift') {
      await drifts[it.which]?.(before)
      continue
    }
    if (it.do === 'apply') document = edited(it.edit)
    const request =
      it.do === 'apply'
        ? { kind: 'provision' as const, document }
        : it.do === 'repair'
          ? { kind: 'repair' as const, document }
          : { kind: 'destroy' as const, document, includeProtected: it.includeProtected }
    const operation = await here.carryOut(request, it.kills)
    const world = await here.resources()
    const said = JSON.stringify(
      operation.conditions.filter(({ status, reason }) => status !== 'True' && reason !== 'Removed'),
    )

    // 3
    expect(theirs(world)).toEqual(
      expect.arrayContaining(it.do === 'destroy' ? theirs(world) : theirs(before)),
    )
    if (theirs(before).some((id) => id.endsWith('/snet-theirs')))
      expect(theirs(world).some((id) => id.endsWith('/snet-theirs'))).toBe(true)
    for (const { id } of home) expect(world.map((now) => now.id)).toContain(id)
    if (it.do === 'destroy' && !it.includeProtected)
      expect(world.some(({ name }) => name === 'contoso-apim')).toBe(
        before.some(({ name }) => name === 'contoso-apim'),
      )
    // 4
    const busy = (await here.journal(seq)).filter(
      ({ fault, method, status, caller }) =>
        !fault &&
        method !== 'GET' &&
        (status === 409 || status === 429) &&
        caller !== '00000000-0000-4000-8000-00000000ba5e',
    )
    expect(busy.map(({ method, url, status }) => `${method} ${url} ${status}`)).toEqual([])
    if (it.do !== 'destroy') {
      // 1
      if (operation.state === 'succeeded') expect((await here.preview(document)).steps, said).toEqual([])
      else expect(['partial', 'cancelled'], said).toContain(operation.state)
    } else if (operation.state === 'succeeded') {
      // 5
      const left = world.filter(({ id }) => !home.some((it) => it.id === id) && !theirs(world).includes(id))
      expect(left.map(({ id }) => id)).toEqual([])
    } else expect(operation.conditions.some(({ reason }) => reason !== 'Removed')).toBe(true)
    await here.clearFaults()
  }
  // 2: whatever happened, the document applied in peace is what the environment then is.
  await here.clearFaults()
  const calm = await here.carryOut({ kind: 'provision', document: edited(0) }, [])
  if (!faulty && calm.state === 'succeeded') expect((await here.preview(edited(0))).steps).toEqual([])
  expect(
    ['succeeded', 'partial', 'cancelled'],
    JSON.stringify(calm.conditions.filter(({ status }) => status !== 'True')),
  ).toContain(calm.state)
}

test(
  `the five invariants hold over ${histories} random histories (FC_SEED=${seed})`,
  async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), play), {
      numRuns: histories,
      seed,
      endOnFailure: true,
    })
  },
  300_000 + histories * 2_000,
)

test('killed at every single call of a provision and resumed, it ends as the run that was not', async () => {
  await here.reset()
  await here.carryOut({ kind: 'provision', document: edited(0) }, [])
  const undisturbed = comparable(await here.resources())
  for (let at = 2; at < 320; at += 19) {
    await here.reset()
    const operation = await here.carryOut({ kind: 'provision', document: edited(0) }, [at, at + 40, at + 150])
    expect(operation.state, `killed at ${at}`).toBe('succeeded')
    expect(comparable(await here.resources()), `killed at ${at}`).toEqual(undisturbed)
  }
}, 120_000)

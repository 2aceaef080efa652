import { beforeEach, describe, expect, test, vi } from 'vitest'
import { usualRules } from '../../src/balance/index.ts'
import { sharesOf, type Weights } from '../../src/gateway/shares.ts'
import { release } from '../../src/rebalance/release.ts'
import { newBalance } from '../../src/rebalance/rows.ts'
import { documentOf, eus, eus2, type Here, openWorld, watched } from './world.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  return () => vi.useRealTimers()
})

/** A pool in which weights should be moved. */
async function pressed(document = documentOf('auto')): Promise<Here> {
  const here = await openWorld(document)
  here.plant.capacity['contoso-eus'] = 30_000
  here.plant.demand['gpt-4o'] = 55_000
  return here
}

describe('nothing is written, and the reason is said,', () => {
  test.each<[string, string, (here: Here) => unknown]>([
    [
      'while the resource group carries the brake',
      'braked',
      ({ azure }) => (azure.tags = { 'ops-pause': 'true' }),
    ],
    ['while the group’s tags cannot be read', 'braked', ({ azure }) => (azure.tags = undefined)],
    [
      'while Azure works on the service',
      'settling',
      ({ azure }) => (azure.service = { properties: { provisioningState: 'Updating' } }),
    ],
    [
      'while a person has paused the pool',
      'paused',
      ({ store }) =>
        store.pauses.put('contoso', 'pool/gpt-4o', {
          resource: 'pool/gpt-4o',
          reason: 'a test',
          by: 'somebody',
          untilMs: Date.now() + 3_600_000_000,
        }),
    ],
    [
      'while the pool has session affinity',
      'sticky',
      ({ azure, subject }) => {
        const body = azure.bodies.get(subject.id.toLowerCase()) as { properties: { pool: object } }
        Object.assign(body.properties.pool, { sessionAffinity: { sessionId: { source: 'Cookie' } } })
      },
    ],
    [
      'while members differ from the document',
      'membership',
      ({ azure, subject }) => {
        const body = azure.bodies.get(subject.id.toLowerCase()) as {
          properties: { pool: { services: object[] } }
        }
        body.properties.pool.services.pop()
      },
    ],
    [
      'when the pool is gone',
      'missing',
      ({ azure, subject }) => azure.bodies.delete(subject.id.toLowerCase()),
    ],
    ['when balancing is off', 'off', (here) => here.setDocument(documentOf('off'))],
    [
      'when nothing is left to choose',
      'alone',
      (here) =>
        here.setDocument(
          documentOf(
            'auto',
            ['        - { account: contoso-eus2, bounds: [5, 95] }\n', ''],
            ['contoso-eus, bounds: [5, 95]', 'contoso-eus'],
          ),
        ),
    ],
  ])('%s (%s)', async (_when, reason, arrange) => {
    const here = await pressed()
    await arrange(here)
    await here.play(20)
    expect(here.azure.puts).toEqual([])
    expect((await here.decisions()).at(-1)).toMatchObject({ state: 'held', reason })
  })

  test('when the environment has been taken away', async () => {
    const here = await pressed()
    const row = await here.store.environments.get('environment', 'contoso')
    if (!row) throw new Error('there is no environment')
    const { document, documentHash } = row.value
    await here.store.environments.put('environment', 'contoso', { ...row.value, operation: 'gone' })
    await here.store.operations.put('contoso', 'gone', {
      id: 'gone',
      environment: 'contoso',
      kind: 'destroy',
      state: 'succeeded',
      document,
      documentHash,
      generation: 1,
      createdMs: 0,
    })
    await here.sweep()
    expect(here.azure.lists).toBe(0)
    expect((await here.decisions()).at(-1)).toMatchObject({ state: 'held', reason: 'destroyed' })
  })

  test('when the pool’s hour has had its writes', async () => {
    const here = await pressed()
    const writesMs = Array.from({ length: usualRules.urgentWritesPerHour }, () => Date.now())
    await here.store.balance.put('contoso', 'gpt-4o', { ...newBalance('contoso', 'gpt-4o'), writesMs })
    await here.play(20)
    expect(here.azure.puts).toEqual([])
    expect((await here.decisions()).at(-1)).toMatchObject({ reason: 'budget' })
  })
})

test.each<[string, (here: Here) => unknown]>([
  ['the kill switch is off', ({ settings }) => (settings.autoBalance = false)],
  [
    'the document only observes',
    (here) => here.setDocument(documentOf('auto', ['mode: full', 'mode: observe'])),
  ],
])('auto is shadow when %s', async (_when, arrange) => {
  const here = await pressed()
  await arrange(here)
  await here.play(20)
  expect(here.azure.puts).toEqual([])
  expect((await here.moves()).map(({ state }) => state)).toContain('shadow')
})

test('what is switched off after the decision stops the write all the same', async () => {
  const here = await pressed()
  const world = here.world()
  let reads = 0
  const arm = {
    ...world.arm,
    // The second time it is asked is right before the write.
    groupTags: async () => (++reads === 2 ? { 'ops-pause': 'TRUE' } : {}),
  }
  for (let minute = 0; minute < 12 && reads < 2; minute++) {
    here.advance(1)
    await here.turn({ ...world, arm })
  }
  expect(here.azure.puts).toEqual([])
  expect(await here.moves()).toMatchObject([
    { state: 'not written', why: expect.stringMatching(/ops-pause/) },
  ])
  await here.play(6)
  expect(here.azure.puts.length, 'the law decides afresh').toBeGreaterThan(0)
})

test('a released pool goes on from what somebody has set', async () => {
  const here = await pressed()
  await here.play(4)
  here.edit({ [eus]: 50, [eus2]: 100 })
  await here.play(4)
  expect(await release(here.world(), watched, 'a person')).toMatchObject({
    is: 'released',
    hold: { reason: 'edited', found: { [eus]: 50, [eus2]: 100 } },
  })
  await here.play(1)
  expect((await here.row())?.hold).toBe(undefined)
  expect(await release(here.world(), watched, 'a person')).toEqual({ is: 'not held' })
  expect(await release(here.world(), { ...watched, pool: 'other' }, 'a person')).toEqual({ is: 'unknown' })
})

test('members of different priority groups are weighed apart', async () => {
  const document = documentOf(
    'auto',
    [
      '        - { account: contoso-eus2, bounds: [5, 95] }',
      '        - { account: contoso-eus2, bounds: [5, 95] }\n        - { account: contoso-weu, priority: 2 }\n        - { account: contoso-neu, priority: 2 }',
    ],
    [
      'data: {',
      `    - name: contoso-weu
      location: westeurope
      deployments: [{ model: gpt-4o, version: "2024-11-20", sku: GlobalStandard, capacity: 50 }]
    - name: contoso-neu
      location: northeurope
      deployments: [{ model: gpt-4o, version: "2024-11-20", sku: GlobalStandard, capacity: 50 }]
data: {`,
    ],
  )
  const here = await openWorld(document)
  const spare = ['contoso-weu--gpt-4o', 'contoso-neu--gpt-4o']
  const before = here.live()
  here.plant.capacity = {
    'contoso-eus': 8_000,
    'contoso-eus2': 30_000,
    'contoso-weu': 90_000,
    'contoso-neu': 90_000,
  }
  await here.play(20)
  expect(here.azure.puts.length).toBeGreaterThan(0)
  for (const name of spare) expect(here.live()[name]).toBe(before[name])
  const of = (weights: Weights) => sharesOf({ [eus]: weights[eus] ?? 0, [eus2]: weights[eus2] ?? 0 })[eus]
  expect(of(here.live())).toBeLessThan(of(before) ?? 0)
})

test('a hold ends when the pool is only shadowed', async () => {
  const here = await pressed()
  await here.play(4)
  here.edit({ [eus]: 50, [eus2]: 100 })
  await here.play(2)
  expect((await here.row())?.hold?.reason).toBe('edited')
  await here.setDocument(documentOf('shadow'))
  await here.play(1)
  expect((await here.row())?.hold).toBe(undefined)
})

test('what is kept of a pool of thirty fits into a row', async () => {
  const names = Array.from(
    { length: 28 },
    (_, index) => `contoso-region-number-${String(index + 1).padStart(2, '0')}`,
  )
  const members = names.map((name) => `        - { account: ${name}, bounds: [1, 95] }\n`).join('')
  const accounts = names.map(
    (name) =>
      `    - { name: ${name}, location: eastus, deployments: [{ model: gpt-4o, version: "2024-11-20", sku: GlobalStandard, capacity: 10 }] }\n`,
  )
  const document = documentOf(
    'auto',
    ['contoso-eus, bounds: [5, 95]', 'contoso-eus, bounds: [1, 95]'],
    [
      '        - { account: contoso-eus2, bounds: [5, 95] }\n',
      `        - { account: contoso-eus2, bounds: [1, 95] }\n${members}`,
    ],
    ['data: {', `${accounts.join('')}data: {`],
  )
  const here = await openWorld(document)
  here.plant.capacity = {
    'contoso-eus': 30_000,
    'contoso-eus2': 30_000,
    ...Object.fromEntries(names.map((name) => [name, 10_000])),
  }
  here.plant.demand['gpt-4o'] = 300_000
  await here.play(30)
  expect(here.azure.puts.length).toBeGreaterThan(0)
  // A text of Azure’s tables is 64 KiB, two bytes to a character: half of that is left for longer names.
  expect(JSON.stringify(await here.row()).length).toBeLessThan(32_768 / 2)
})

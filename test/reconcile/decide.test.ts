import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expand } from '../../src/environment/expand.ts'
import { decide } from '../../src/reconcile/decide.ts'
import type { Observation } from '../../src/reconcile/observation.ts'
import type { Situation } from '../../src/reconcile/situation.ts'
import { bearing } from '../../src/reconcile/situation.ts'
import type { Intent, Remembered } from '../../src/reconcile/standing.ts'
import { lockDomain } from '../../src/resources/place.ts'
import { contosoDocument, surroundings } from '../fixtures.ts'

const resources = expand(contosoDocument(), surroundings)
const now = Date.parse('2026-11-23T03:00:00Z')
const apim = 'api-management/contoso-apim'

const all = (state: Observation, others: Record<string, Observation> = {}) =>
  new Map(
    resources.map(({ key, existing }) => [
      key,
      others[key] ?? (existing ? { state: 'ready' as const } : state),
    ]),
  )

const situation = (parts: Partial<Situation> = {}): Situation => ({
  nowMs: now,
  resources,
  remembered: new Map(),
  observed: all({ state: 'missing' }),
  intents: new Map(),
  cancelRequested: false,
  approved: new Map(),
  known: new Set(resources.map(({ id }) => id.toLowerCase())),
  protect: undefined,
  includeProtected: false,
  mode: 'full',
  automatic: false,
  paused: new Map(),
  ...parts,
})

const ready = (key: string): Remembered => ({
  resource: key,
  phase: 'ready',
  synced: 'True',
  ready: 'True',
  reason: 'AsDescribed',
  message: '',
  sinceMs: now,
})
const allReadyBut = (...keys: string[]) =>
  new Map(resources.filter(({ key }) => !keys.includes(key)).map(({ key }) => [key, ready(key)]))
const intent = (resource: string, parts: Partial<Intent> = {}): Map<string, Intent> =>
  new Map([[resource, { resource, operation: 'o', attempt: 1, atMs: now, ...parts }]])
const of = (turn: ReturnType<typeof decide>, key: string) =>
  turn.standings.find(({ resource }) => resource === key)

test('in an empty home everything that waits for nothing is written first', () => {
  const turn = decide(situation())
  expect(turn.act).toEqual([
    'security-group/nsg-apim',
    'security-group/nsg-private-endpoints',
    'subnet/snet-agents',
    'public-ip/pip-contoso-apim',
    ...resources.filter(({ kind }) => kind === 'dns-zone').map(({ key }) => key),
  ])
  expect(turn.end).toBeUndefined()
})

test('an environment as described ends at the first look, with nothing to write', () => {
  const turn = decide(situation({ observed: all({ state: 'ready' }) }))
  expect(turn).toMatchObject({ act: [], end: 'succeeded' })
})

test('a write under way in a lock domain keeps its neighbours waiting', () => {
  const turn = decide(
    situation({
      remembered: allReadyBut('subnet/snet-apim', 'subnet/snet-private-endpoints'),
      observed: all(
        { state: 'missing' },
        { 'subnet/snet-apim': { state: 'settling', provisioning: 'Updating' } },
      ),
    }),
  )
  expect(turn.act).toEqual([])
  expect(of(turn, 'subnet/snet-private-endpoints')?.phase).toBe('pending')
})

test('only slow work under way means long waits, quick work short ones', () => {
  const slow = decide(
    situation({
      remembered: allReadyBut(apim),
      observed: all({ state: 'settling', provisioning: 'Activating' }),
    }),
  )
  const quick = decide(
    situation({
      remembered: allReadyBut('public-ip/pip-contoso-apim'),
      observed: all({ state: 'settling', provisioning: 'Updating' }),
    }),
  )
  expect([slow.waitSeconds, quick.waitSeconds]).toEqual([30, 5])
})

describe('a resource that is missing although it was written', () => {
  const subnet = 'subnet/snet-apim'
  const one = (intents: Map<string, Intent>) =>
    decide(situation({ remembered: allReadyBut(subnet), intents }))
  test('is settling within its grace: Azure may not show it yet', () => {
    for (const outcome of [{ is: 'accepted' as const }, { is: 'done' as const }])
      expect(one(intent(subnet, { outcome, atMs: now - 30_000 })).act).toEqual([])
  })
  test('is settling within its grace when nobody heard the answer', () => {
    expect(one(intent(subnet, { atMs: now - 30_000 })).act).toEqual([])
    expect(
      one(intent(subnet, { atMs: now - 30_000, outcome: { is: 'later', reason: 'NoAnswer', message: '' } }))
        .act,
    ).toEqual([])
  })
  test('is written again after it', () => {
    expect(one(intent(subnet, { atMs: now - 61_000 })).act).toEqual([subnet])
  })
  test('is ready when Azure has the very same under another name: the role is assigned, whoever named it', () => {
    const turn = one(intent(subnet, { outcome: { is: 'done', already: true } }))
    expect(of(turn, subnet)).toMatchObject({ phase: 'ready', reason: 'AlreadySo' })
  })
  test('waits out the time Azure asked for', () => {
    const outcome = { is: 'later' as const, reason: 'TooManyRequests', message: '', afterSeconds: 20 }
    const early = one(intent(subnet, { atMs: now - 5_000, outcome }))
    expect(early).toMatchObject({ act: [], waitSeconds: 15 })
    expect(one(intent(subnet, { atMs: now - 20_000, outcome })).act).toEqual([subnet])
  })
  test('is given up after twelve tries, naming the last reason', () => {
    const outcome = {
      is: 'later' as const,
      reason: 'AnotherOperationInProgress',
      message: 'somebody else writes',
    }
    const turn = one(intent(subnet, { attempt: 12, atMs: now - 3_600_000, outcome }))
    expect(turn.end).toBe('partial')
    expect(of(turn, subnet)).toMatchObject({ phase: 'failed', reason: 'AnotherOperationInProgress' })
    expect(of(turn, subnet)?.message).toContain('apply the document again')
  })
})

describe('a failure', () => {
  const refused = {
    is: 'refused' as const,
    reason: 'NetcfgSubnetRangesOverlap',
    message: 'overlaps',
    remedy: 'choose a range no other subnet uses',
  }
  test('blocks what depends on it, by its own name, and lets the rest go on', () => {
    const subnet = 'subnet/snet-apim'
    const turn = decide(
      situation({
        remembered: new Map([ready('security-group/nsg-apim')].map((it) => [it.resource, it])),
        intents: intent(subnet, { outcome: refused }),
      }),
    )
    expect(of(turn, subnet)).toMatchObject({ phase: 'failed', reason: refused.reason })
    expect(of(turn, subnet)?.message).toContain(refused.remedy)
    expect(of(turn, apim)).toMatchObject({ phase: 'blocked', blockedBy: subnet })
    expect(of(turn, 'dns-record/contoso-apim.azure-api.net')).toMatchObject({
      phase: 'blocked',
      blockedBy: subnet,
    })
    expect(turn.act).toContain('security-group/nsg-private-endpoints')
    expect(turn.end).toBeUndefined()
  })
  test('that Azure shows only in the end is tried again once for a slow kind, then reported with Azure’s reason', () => {
    const evidence = { reason: 'ActivationFailed', message: 'port 3443 is closed' }
    const observed = all({ state: 'failed', provisioning: 'Failed' })
    const outcome = { is: 'accepted' as const, operationUrl: 'https://x' }
    const once = decide(
      situation({
        remembered: allReadyBut(apim),
        observed,
        intents: intent(apim, { outcome, evidence, atMs: now - 3_600_000 }),
      }),
    )
    expect(once.act).toEqual([apim])
    const twice = decide(
      situation({
        remembered: allReadyBut(apim),
        observed,
        intents: intent(apim, { outcome, evidence, attempt: 2 }),
      }),
    )
    expect(of(twice, apim)).toMatchObject({ phase: 'failed', reason: 'ActivationFailed' })
    expect(of(twice, apim)?.message).toContain('port 3443 is closed')
    expect(twice.end).toBe('partial')
  })
  test('of the home is reported once it has lasted, and never repaired', () => {
    const vnet = 'virtual-network/vnet-contoso-ai'
    const observed = all({ state: 'missing' }, { [vnet]: { state: 'missing' } })
    const flicker = decide(situation({ observed }))
    expect(of(flicker, vnet)).toMatchObject({ phase: 'pending', reason: 'HomeMissing' })
    const before = flicker.standings.find(({ resource }) => resource === vnet)
    const remembered = new Map(before ? [[vnet, { ...before, sinceMs: now - 60_000 }]] : [])
    const lasting = decide(situation({ observed, remembered }))
    expect(of(lasting, vnet)).toMatchObject({ phase: 'failed', reason: 'HomeMissing' })
    for (const turn of [flicker, lasting]) expect(turn.act).not.toContain(vnet)
  })
})

describe('drift', () => {
  const drifted = (path: string): Observation => ({
    state: 'drifted',
    changes: [{ path, before: 'x', after: 'y' }],
  })
  test('of a safe field is written', () => {
    const key = 'security-group/nsg-apim'
    expect(
      decide(
        situation({
          remembered: allReadyBut(key),
          observed: all({ state: 'ready' }, { [key]: drifted('properties.securityRules[allow-sql]') }),
        }),
      ).act,
    ).toEqual([key])
  })
  const disruptive = [
    'sku.name',
    'properties.virtualNetworkType',
    'properties.virtualNetworkConfiguration.subnetResourceId',
  ]
  test.each(disruptive)(
    'of %s of API Management waits for a person: it would interrupt the gateway',
    (path) => {
      const observed = all({ state: 'ready' }, { [apim]: drifted(path) })
      const turn = decide(situation({ remembered: allReadyBut(apim), observed }))
      expect(turn).toMatchObject({ act: [], awaitsApproval: true })
      expect(turn.end).toBeUndefined()
      expect(of(turn, apim)).toMatchObject({ phase: 'awaiting', synced: 'False', ready: 'True' })
    },
  )
  test('that a person has approved is written, as long as it is the very change that was shown', () => {
    const observed = all({ state: 'ready' }, { [apim]: drifted('sku.name') })
    const approving = (before: string) => {
      const change = { path: 'sku.name', before, after: 'y' }
      const step = {
        resource: apim,
        action: 'update' as const,
        changes: [change],
        reason: '',
        risk: 'disruptive' as const,
        expectedMinutes: 40,
      }
      return decide(situation({ remembered: allReadyBut(apim), observed, approved: new Map([[apim, step]]) }))
    }
    expect(approving('x').act).toEqual([apim])
    expect(approving('something else')).toMatchObject({ act: [], awaitsApproval: true })
  })
  test('of what Azure cannot change in place is reported and not attempted', () => {
    const observed = all({ state: 'ready' }, { [apim]: drifted('location') })
    const turn = decide(situation({ remembered: allReadyBut(apim), observed }))
    expect(turn).toMatchObject({ act: [], end: 'partial' })
    expect(of(turn, apim)?.reason).toBe('NotChangeable')
  })
  test('that waits for approval keeps only what depends on it waiting, and the rest is done first', () => {
    const subnet = 'subnet/snet-apim'
    const observed = all({ state: 'missing' }, { [subnet]: drifted('properties.addressPrefix') })
    const turn = decide(
      situation({
        remembered: new Map([['security-group/nsg-apim', ready('security-group/nsg-apim')]]),
        observed,
      }),
    )
    expect(turn.awaitsApproval).toBe(false)
    expect(turn.act).toContain('public-ip/pip-contoso-apim')
    const later = decide(situation({ remembered: allReadyBut(subnet, apim), observed }))
    expect(later).toMatchObject({ act: [], awaitsApproval: true })
    expect(of(later, apim)).toMatchObject({ phase: 'pending', waitsFor: subnet })
  })
  test('that comes back after each accepted write is reported, not fought for ever', () => {
    const key = 'public-ip/pip-contoso-apim'
    const turn = decide(
      situation({
        remembered: allReadyBut(key),
        observed: all({ state: 'ready' }, { [key]: drifted('tags.owner') }),
        intents: intent(key, { attempt: 3, outcome: { is: 'done' } }),
      }),
    )
    expect(of(turn, key)?.reason).toBe('DoesNotStick')
  })
})

test('what cannot be read is neither missing nor written; after ten minutes it is reported', () => {
  const unknown: Observation = { state: 'unknown', reason: 'AuthorizationFailed', message: 'no' }
  const first = decide(situation({ remembered: allReadyBut(apim), observed: all(unknown) }))
  expect(first.act).toEqual([])
  const before = first.standings.find(({ resource }) => resource === apim)
  const remembered = allReadyBut(apim)
  if (before) remembered.set(apim, { ...before, sinceMs: now - 601_000 })
  const late = decide(situation({ remembered, observed: all(unknown) }))
  expect(of(late, apim)).toMatchObject({ phase: 'failed', reason: 'AuthorizationFailed', ready: 'Unknown' })
})

test('a request to cancel ends the operation at once and writes nothing more', () => {
  expect(decide(situation({ cancelRequested: true }))).toMatchObject({ act: [], end: 'cancelled' })
})

test('the last operation’s writes count for the grace, not as tries, and its refusals are forgotten', () => {
  const key = 'subnet/snet-apim'
  const old = (parts: Partial<Intent>): Intent => ({
    resource: key,
    operation: 'before',
    attempt: 5,
    atMs: now - 10_000,
    ...parts,
  })
  const bears = (parts: Partial<Intent>) => bearing([old(parts)], resources, 'o', now).get(key)
  expect(bears({ outcome: { is: 'accepted' } })?.attempt).toBe(0)
  expect(bears({ outcome: { is: 'accepted' }, atMs: now - 120_000 })).toBeUndefined()
  expect(bears({ outcome: { is: 'refused', reason: 'x', message: '', remedy: '' } })).toBeUndefined()
})

test('whatever is seen, nothing ready is written, no lock domain is written while it settles, and a dependant never runs ahead', () => {
  const states = ['unknown', 'missing', 'settling', 'failed', 'drifted', 'ready'] as const
  const see = (state: (typeof states)[number]): Observation =>
    state === 'unknown'
      ? { state, reason: 'r', message: '' }
      : state === 'settling' || state === 'failed'
        ? { state, provisioning: 'x' }
        : state === 'drifted'
          ? { state, changes: [{ path: 'tags.owner', before: null, after: 'x' }] }
          : { state }
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...states), { minLength: resources.length, maxLength: resources.length }),
      (picked) => {
        const observed = new Map(resources.map(({ key }, index) => [key, see(picked[index] ?? 'ready')]))
        const turn = decide(situation({ observed }))
        const settling = new Set(
          turn.standings
            .filter(({ phase }) => phase === 'settling')
            .map(({ resource }) => domainOf(resource)),
        )
        for (const key of turn.act) {
          const resource = resources.find((it) => it.key === key)
          expect(observed.get(key)?.state).not.toBe('ready')
          expect(resource?.existing).toBe(false)
          expect(settling).not.toContain(domainOf(key))
          for (const needed of resource?.dependsOn ?? []) expect(of(turn, needed)?.phase).toBe('ready')
        }
      },
    ),
    { numRuns: 500 },
  )
})

const domainOf = (key: string) => lockDomain(resources.find((resource) => resource.key === key)?.id ?? '')

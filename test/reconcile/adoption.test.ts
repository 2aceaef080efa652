import { describe, expect, test } from 'vitest'
import { expand } from '../../src/environment/expand.ts'
import { decide, decideRemoval } from '../../src/reconcile/decide.ts'
import { findings } from '../../src/reconcile/drift.ts'
import type { Observation } from '../../src/reconcile/observation.ts'
import { plan, type Step } from '../../src/reconcile/plan.ts'
import type { Situation } from '../../src/reconcile/situation.ts'
import type { Intent } from '../../src/reconcile/standing.ts'
import { isForeign, knownIds, made } from '../../src/resources/made.ts'
import { expanded } from '../environment/reference.ts'
import { contosoDocument, surroundings } from '../fixtures.ts'

/** What somebody else made under a name the document describes as ours, and nobody has taken over yet. */
const resources = expand(contosoDocument(), surroundings)
const known = knownIds(resources.map(made))
const now = Date.parse('2026-11-23T03:00:00Z')
const group = 'security-group/nsg-apim'
const subnet = 'subnet/snet-apim'
const changes = [{ path: 'tags.owner', before: 'theirs', after: 'platform' }]
const drifted: Observation = { state: 'drifted', changes }

const without = (...keys: string[]) =>
  new Set(
    [...known].filter((id) => !resources.some((it) => keys.includes(it.key) && it.id.toLowerCase() === id)),
  )
const seen = (others: Record<string, Observation> = {}, rest: Observation = { state: 'ready' }) =>
  new Map(
    resources.map(({ key, existing }) => [
      key,
      others[key] ?? (existing ? { state: 'ready' as const } : rest),
    ]),
  )
const situation = (parts: Partial<Situation> = {}): Situation => ({
  nowMs: now,
  resources,
  remembered: new Map(),
  observed: seen({ [group]: drifted }),
  intents: new Map(),
  cancelRequested: false,
  approved: new Map(),
  known: without(group),
  protect: undefined,
  includeProtected: false,
  mode: 'full',
  automatic: false,
  paused: new Map(),
  ...parts,
})
const of = (turn: ReturnType<typeof decide>, key: string) =>
  turn.standings.find(({ resource }) => resource === key)
const approving = (step: Partial<Step> = {}): Situation['approved'] => {
  const [planned] = plan(resources, seen({ [group]: drifted }), without(group)).steps
  if (!planned) throw new Error('nothing is planned')
  return new Map([[group, { ...planned, ...step }]])
}

describe('what differs from its description', () => {
  test('waits for a person, and so does what stands on it; all else goes on', () => {
    const turn = decide(situation({ observed: seen({ [group]: drifted }, { state: 'missing' }) }))
    expect(of(turn, group)).toMatchObject({ phase: 'awaiting', synced: 'False', ready: 'True' })
    expect(of(turn, group)?.message).toContain('was not made by this service')
    expect(turn.act).not.toContain(group)
    expect(turn.act).toContain('security-group/nsg-private-endpoints')
    expect(of(turn, subnet)).toMatchObject({ phase: 'pending', waitsFor: group })
    expect(decide(situation())).toMatchObject({ act: [], adopt: [], awaitsApproval: true })
  })
  test('is written once a person has approved these very changes', () => {
    expect(decide(situation({ approved: approving() })).act).toEqual([group])
    expect(decide(situation({ approved: approving({ changes: [] }) }))).toMatchObject({
      awaitsApproval: true,
    })
  })
  test('is not written because something else was approved under its name', () => {
    const observed = seen({ [group]: { state: 'failed', provisioning: 'Failed' } })
    const create = approving({ action: 'create', changes: [] })
    expect(decide(situation({ observed, approved: create })).act).toEqual([])
    expect(decide(situation({ observed, approved: approving({ changes: [] }) })).act).toEqual([group])
  })
  test('is backed off from like any other write', () => {
    const intent: Intent = {
      resource: group,
      operation: 'o',
      attempt: 1,
      atMs: now,
      outcome: { is: 'later', reason: 'TooManyRequests', message: '', afterSeconds: 20 },
    }
    const turn = decide(situation({ approved: approving(), intents: new Map([[group, intent]]) }))
    expect(turn).toMatchObject({ act: [], waitSeconds: 20 })
  })
  test('in what Azure cannot change in place is refused, approved or not', () => {
    const located = [{ path: 'location', before: 'westus', after: 'eastus' }]
    const apim = 'api-management/contoso-apim'
    const turn = decide(
      situation({
        known: without(apim),
        observed: seen({ [apim]: { state: 'drifted', changes: located } }),
        approved: new Map([[apim, { ...approving().get(group), resource: apim, changes: located } as Step]]),
      }),
    )
    expect(of(turn, apim)).toMatchObject({ phase: 'failed', reason: 'NotChangeable' })
  })
  test('is left to a person when nobody asked, and by a document that only observes', () => {
    expect(of(decide(situation({ automatic: true })), group)).toMatchObject({
      phase: 'kept',
      reason: 'NeedsApproval',
    })
    expect(of(decide(situation({ mode: 'observe' })), group)).toMatchObject({ phase: 'kept' })
  })
  test('is drift for a person, however harmless the field', () => {
    const observed = seen({ [group]: drifted })
    expect(findings(resources, observed, without(group), undefined)).toMatchObject([{ class: 'person' }])
    expect(findings(resources, observed, known, undefined)).toMatchObject([{ class: 'safe' }])
  })
})

describe('what is exactly as described', () => {
  const asDescribed = { observed: seen() }
  test('is ours from now on, without a write and without asking', () => {
    const turn = decide(situation(asDescribed))
    expect(turn).toMatchObject({ act: [], adopt: [group], end: 'succeeded' })
    expect(of(turn, group)).toMatchObject({ phase: 'ready', reason: 'Adopted' })
  })
  test('converges without a write when every memory of ours is lost', () => {
    const turn = decide(situation({ ...asDescribed, known: new Set() }))
    expect(turn).toMatchObject({ act: [], end: 'succeeded' })
    expect(turn.adopt).toEqual(resources.filter(({ existing }) => !existing).map(({ key }) => key))
  })
  test('is not noted as ours while nothing may be written', () => {
    const turn = decide(situation({ ...asDescribed, mode: 'observe' }))
    expect(turn).toMatchObject({ adopt: [], end: 'succeeded' })
    expect(of(turn, group)).toMatchObject({ phase: 'ready', reason: 'NotAdopted' })
  })
})

describe('a removal', () => {
  test('leaves what was never taken over, and names it; what it stands on stays too', () => {
    const turn = decideRemoval(
      situation({ known: without(subnet), observed: seen({}, { state: 'missing' }) }),
    )
    expect(of(turn, subnet)).toMatchObject({ phase: 'gone' })
    const there = decideRemoval(
      situation({
        known: without(subnet),
        observed: seen({ [subnet]: drifted, [group]: { state: 'ready' } }, { state: 'missing' }),
      }),
    )
    expect(of(there, subnet)).toMatchObject({ phase: 'kept', reason: 'NotOurs' })
    expect(of(there, group)).toMatchObject({ phase: 'kept', reason: 'NeededBy', blockedBy: subnet })
    expect(there).toMatchObject({ act: [], end: 'partial' })
  })
})

test('what Azure makes by itself under a name of ours is nobody’s work', () => {
  const all = expanded('contoso')
  const foreign = all.filter((resource) => isForeign(resource, new Set())).map(({ key }) => key)
  expect(foreign).toContain('named-value/ops-environment')
  expect(foreign).not.toContain('logger/azuremonitor')
  expect(foreign).not.toContain('gateway-diagnostic/azuremonitor')
  expect(foreign).not.toContain('account-capability-host/contoso-eus')
})

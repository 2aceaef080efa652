import { describe, expect, test } from 'vitest'
import { decide, decideRemoval } from '../../src/reconcile/decide.ts'
import { findings } from '../../src/reconcile/drift.ts'
import type { Observation } from '../../src/reconcile/observation.ts'
import type { Situation } from '../../src/reconcile/situation.ts'
import type { Resource } from '../../src/resources/kind.ts'
import { knownIds, made, takenOver } from '../../src/resources/made.ts'
import { isProtected, type Protect, protection } from '../../src/resources/protection.ts'
import { expanded } from '../environment/reference.ts'

/** The document says which resources a removal leaves, and whose vanishing needs a person; else their kind does. */
const resources = expanded('contoso')
const known = knownIds(resources.map(made))
const pool = 'pool/gpt-4o'
const storage = 'storage/contosoaidata'
const protect: Protect = { [pool]: true, [storage]: false }
const seen = (others: Record<string, Observation>, rest: Observation) =>
  new Map(
    resources.map(({ key, existing }) => [
      key,
      others[key] ?? (existing ? { state: 'ready' as const } : rest),
    ]),
  )
const situation = (parts: Partial<Situation>): Situation => ({
  nowMs: Date.parse('2026-11-23T03:00:00Z'),
  resources,
  remembered: new Map(),
  observed: seen({}, { state: 'ready' }),
  intents: new Map(),
  cancelRequested: false,
  approved: new Map(),
  known,
  protect,
  includeProtected: false,
  mode: 'full',
  automatic: false,
  paused: new Map(),
  ...parts,
})
const of = (turn: ReturnType<typeof decide>, key: string) =>
  turn.standings.find(({ resource }) => resource === key)

describe('a removal', () => {
  const only = (...keys: string[]) =>
    seen(Object.fromEntries(keys.map((key) => [key, { state: 'ready' as const }])), { state: 'missing' })
  test.each<[what: string, key: string, said: Protect, kept: boolean]>([
    ['a pool the document protects', pool, protect, true],
    ['a pool of which it says nothing', pool, undefined, false],
    ['storage it takes the protection from', storage, protect, false],
    ['storage of which it says nothing', storage, undefined, true],
  ])('%s: %s', (_what, key, said, kept) => {
    const observed = only(key)
    const turn = decideRemoval(situation({ observed, protect: said }))
    expect(of(turn, key)?.reason).toBe(kept ? 'Protected' : 'Removing')
    expect(turn.act).toEqual(kept ? [] : [key])
    expect(decideRemoval(situation({ observed, protect: said, includeProtected: true })).act).toEqual([key])
  })
})

test('what was taken over is protected whatever its kind, unless the document says otherwise', () => {
  const taken = resources.filter(({ key }) => key === pool).map(takenOver)
  const of = resources.find(({ key }) => key === pool) as Resource
  expect(isProtected(of, protection(undefined, taken))).toBe(true)
  expect(isProtected(of, protection({ [pool]: false }, taken))).toBe(false)
  expect(isProtected(of, protection(undefined, [made(of)]))).toBe(false)
})

describe('what has vanished', () => {
  const observed = seen({ [pool]: { state: 'missing' }, [storage]: { state: 'missing' } }, { state: 'ready' })
  test('is for a person where it is protected, and safe to make again where not', () => {
    const classes = (said: Protect) =>
      Object.fromEntries(findings(resources, observed, known, said).map((it) => [it.resource, it.class]))
    expect(classes(protect)).toMatchObject({ [pool]: 'person', [storage]: 'safe' })
    expect(classes(undefined)).toMatchObject({ [pool]: 'safe', [storage]: 'person' })
  })
  test('is not made again by a repair nobody asked for, beside what is', () => {
    const unasked = decide(situation({ observed, automatic: true }))
    expect(of(unasked, pool)).toMatchObject({ phase: 'kept', reason: 'NeedsPerson' })
    expect(unasked.act).toEqual([storage])
    expect(decide(situation({ observed })).act).toEqual([storage, pool])
  })
})

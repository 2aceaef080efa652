import { describe, expect, test } from 'vitest'
import { expand } from '../../src/environment/expand.ts'
import type { Observation } from '../../src/reconcile/observation.ts'
import { plan as planned, removalPlan } from '../../src/reconcile/plan.ts'
import { knownIds, made } from '../../src/resources/made.ts'
import { contosoDocument, surroundings } from '../fixtures.ts'

const resources = expand(contosoDocument(), surroundings)
const known = knownIds(resources.map(made))
const plan = (of: typeof resources, observed: ReadonlyMap<string, Observation>, ours = known) =>
  planned(of, observed, ours)
const seen = (state: Observation, others: Record<string, Observation> = {}) =>
  new Map(resources.map(({ key }) => [key, others[key] ?? state]))

test('an environment as described has an empty plan', () => {
  expect(plan(resources, seen({ state: 'ready' })).steps).toEqual([])
})

test('an empty home is planned in order of dependencies, without the home’s own things', () => {
  const { steps } = plan(resources, seen({ state: 'missing' }))
  expect(steps.map(({ resource }) => resource)).toEqual(
    resources.filter(({ existing }) => !existing).map(({ key }) => key),
  )
  expect(new Set(steps.map(({ action, risk }) => `${action} ${risk}`))).toEqual(new Set(['create safe']))
})

test('a step says which field changes, from what to what, why, and how much it may hurt', () => {
  const changes = [{ path: 'sku.name', before: 'Developer', after: 'Premium' }]
  const { steps } = plan(
    resources,
    seen({ state: 'ready' }, { 'api-management/contoso-apim': { state: 'drifted', changes } }),
  )
  expect(steps).toEqual([
    {
      resource: 'api-management/contoso-apim',
      action: 'update',
      changes,
      reason: 'differs in sku.name',
      risk: 'disruptive',
      expectedMinutes: 40,
    },
  ])
})

test('equal plans have equal hashes, different ones do not', () => {
  const missing = plan(resources, seen({ state: 'missing' })).hash
  expect(plan(resources, seen({ state: 'missing' })).hash).toBe(missing)
  expect(plan(resources, seen({ state: 'ready' })).hash).not.toBe(missing)
})

describe('what somebody else made under a name of ours', () => {
  const apim = 'api-management/contoso-apim'
  const changes = [{ path: 'tags.owner', before: 'theirs', after: 'platform' }]
  const others = (key: string) => new Set([...known].filter((id) => id !== idOf(key)))
  const idOf = (key: string) => resources.find((it) => it.key === key)?.id.toLowerCase() ?? ''

  test('is a step of its own, with what would change, and never a safe one', () => {
    const observed = seen({ state: 'ready' }, { [apim]: { state: 'drifted', changes } })
    expect(plan(resources, observed, others(apim)).steps).toMatchObject([
      { resource: apim, action: 'adopt', changes, risk: 'disruptive' },
    ])
    expect(plan(resources, observed, others(apim)).steps[0]?.reason).toContain('changes tags.owner')
    expect(plan(resources, observed).steps).toMatchObject([{ action: 'update', risk: 'safe' }])
  })
  test('and failed is that too', () => {
    const observed = seen({ state: 'ready' }, { [apim]: { state: 'failed', provisioning: 'Failed' } })
    expect(plan(resources, observed, others(apim)).steps).toMatchObject([
      { resource: apim, action: 'adopt', changes: [], risk: 'disruptive' },
    ])
  })
  test('stays as risky as Azure makes it', () => {
    const located = [{ path: 'location', before: 'westus', after: 'eastus' }]
    const observed = seen({ state: 'ready' }, { [apim]: { state: 'drifted', changes: located } })
    expect(plan(resources, observed, others(apim)).steps).toMatchObject([{ risk: 'destructive' }])
  })
  test('and as described is no step at all', () => {
    expect(plan(resources, seen({ state: 'ready' }), new Set()).steps).toEqual([])
  })
})

test('a removal is planned in the reverse order, without what stays and what that stands on', () => {
  const stays = ({ key }: { key: string }) => key === 'api-management/contoso-apim'
  const going = removalPlan(resources, seen({ state: 'ready' }), stays).steps.map(({ resource }) => resource)
  for (const kept of ['api-management/contoso-apim', 'subnet/snet-apim', 'security-group/nsg-apim'])
    expect(going).not.toContain(kept)
  expect(going.indexOf('subnet/snet-private-endpoints')).toBeLessThan(
    going.indexOf('security-group/nsg-private-endpoints'),
  )
  expect(removalPlan(resources, seen({ state: 'missing' }), stays).steps).toEqual([])
})

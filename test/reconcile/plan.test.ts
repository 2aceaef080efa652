import { expect, test } from 'vitest'
import { expand } from '../../src/environment/expand.ts'
import type { Observation } from '../../src/reconcile/observation.ts'
import { plan } from '../../src/reconcile/plan.ts'
import { contosoDocument, surroundings } from '../fixtures.ts'

const resources = expand(contosoDocument(), surroundings)
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

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { untilAtRest } from '../../src/reconcile/at-rest.ts'
import { spared } from '../../src/reconcile/due.ts'
import type { Observation } from '../../src/reconcile/observation.ts'
import type { Remembered } from '../../src/reconcile/standing.ts'
import { expanded, named } from '../environment/reference.ts'

const resources = expanded('contoso')
const seconds = (count: number) => count * 1000

const standing = (resource: string, of: Partial<Remembered>): Remembered => ({
  resource,
  phase: 'pending',
  synced: 'False',
  ready: 'False',
  reason: 'Missing',
  message: 'is to be created',
  sinceMs: 0,
  ...of,
})

const unread = (standings: Remembered[], lookedMs: number | undefined, nowMs: number) => {
  const remembered = new Map(standings.map((it) => [it.resource, it]))
  return spared(resources, remembered, { remembered, lookedMs, nowMs })
}

const deployment = 'model-deployment/contoso-eus/gpt-4o'
const project = 'project/contoso-eus/main'
const atWork = standing(deployment, { phase: 'settling', synced: 'Unknown', reason: 'Settling' })

test('what Azure works on is read on its own beat, however often the loop looks for others', () => {
  // A deployment is looked at every 5 seconds.
  expect(unread([atWork], seconds(5), seconds(6)).get(deployment)).toBe(4)
  expect(unread([atWork], seconds(5), seconds(10)).has(deployment)).toBe(false)
  expect(unread([atWork], seconds(5), seconds(9)).has(deployment), 'a little early serves it too').toBe(false)
  expect(unread([atWork], seconds(9), seconds(11)).has(deployment), 'but not twice').toBe(true)
})

test('whatever the rhythm of the looks, nothing is passed over for long: looks half a beat beside one starved a project for thirteen minutes', () => {
  const beatMs = seconds(5)
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 200, max: 2 * beatMs }), { minLength: 1, maxLength: 8 }),
      (rhythm) => {
        let [readMs, lookedMs, nowMs] = [0, 0, 0]
        for (let look = 0; look < 100; look++) {
          nowMs += rhythm[look % rhythm.length] ?? beatMs
          if (!unread([atWork], lookedMs, nowMs).has(deployment)) readMs = nowMs
          lookedMs = nowMs
          expect(nowMs - readMs).toBeLessThan(2 * beatMs)
        }
      },
    ),
  )
})

test('what waits to be written is not read while Azure is at work in its lock domain, and is once that rests', () => {
  const waits = standing(project, {})
  expect(unread([atWork, waits], seconds(5), seconds(10)).has(project)).toBe(true)
  expect(unread([waits], seconds(5), seconds(10)).has(project)).toBe(false)
})

test('nothing is spared at the first look, nor what nobody has seen yet', () => {
  expect(unread([atWork], undefined, 0).size).toBe(0)
  const unseen = standing(project, { synced: 'Unknown', reason: 'Waiting' })
  expect(unread([atWork, unseen], seconds(5), seconds(6)).has(project)).toBe(false)
})

test('an account drops back after each write in it, and what is made in it or leads to it waits: three projects in vain, 41 endpoints in vain', () => {
  const busy = new Map<string, Observation>([
    ['account/contoso-eus', { state: 'settling', provisioning: 'Accepted' }],
  ])
  for (const key of [
    deployment,
    project,
    'connection/contoso-eus/main/storage',
    'private-endpoint/pe-contoso-eus-account',
  ])
    expect(untilAtRest(named(resources, key), { resources, observed: busy })?.standing, key).toMatchObject({
      phase: 'pending',
      reason: 'Resting',
      message: 'waits until account/contoso-eus is at rest',
    })
  const others = ['private-endpoint/pe-contosoaidata-blob', 'model-deployment/contoso-eus2/gpt-4o']
  for (const key of others)
    expect(untilAtRest(named(resources, key), { resources, observed: busy }), key).toBeUndefined()
})

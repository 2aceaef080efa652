import { describe, expect, test } from 'vitest'
import { expand } from '../../../src/environment/expand.ts'
import { derive } from '../../../src/probes/derive/derive.ts'
import type { Cause, Failing, Looked } from '../../../src/probes/diagnose/cause.ts'
import { causes } from '../../../src/probes/diagnose/causes.ts'
import { roots } from '../../../src/probes/graph.ts'
import type { Probe } from '../../../src/probes/probe.ts'
import type { Reason } from '../../../src/probes/reason.ts'
import type { Observation } from '../../../src/reconcile/observation.ts'
import type { JsonObject } from '../../../src/resources/kind.ts'
import { everything } from '../../environment/reference.ts'
import { type Fault, faults } from '../faults.ts'
import { documentOf } from '../reference.ts'

const document = documentOf('contoso', [['logTo: none', 'logTo: eventHub']])
const resources = expand(document, everything)
const probes = derive(document, everything)

/** What a round would find: the probes that fail by the fault, the facts that tell of it, and everything behind them. */
function failingBy(fault: Fault): Map<string, Reason> {
  const failing = new Map<string, Reason>()
  for (const [ids, reason] of fault.fails) {
    const struck = probes.filter(({ id }) => ids.test(id))
    if (struck.length === 0) throw new Error(`${fault.id} strikes no probe: ${ids}`)
    for (const { id } of struck) failing.set(id, reason)
  }
  for (const probe of probes) {
    const seen = probe.module === 'fact' ? fault.seen?.[probe.target.resource] : undefined
    const departs = seen && probe.module === 'fact' && departsIn(seen, probe.target.paths)
    if (seen && departs) failing.set(probe.id, seen.state === 'missing' ? 'Missing' : 'Drifted')
  }
  const behind = (probe: Probe): boolean => probe.needs.some((id) => failing.has(id))
  // Probes come after what they need only within a layer; so until nothing more falls.
  for (let fell = true; fell; ) {
    const next = probes.filter((probe) => !failing.has(probe.id) && behind(probe))
    for (const { id } of next) failing.set(id, 'TimedOut')
    fell = next.length > 0
  }
  return failing
}

const departsIn = (seen: Observation, paths: string[] | undefined): boolean =>
  seen.state !== 'drifted' ||
  paths === undefined ||
  seen.changes.some(({ path }) => paths.some((one) => path.startsWith(one)))

const homeGroup =
  '/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/networkSecurityGroups/nsg-agents'
const homeTable = '/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/routeTables/rt-agents'

function lookedAt({ seen = {}, strangers }: Fault, noise: Record<string, Observation> = {}): Looked {
  const bodies = new Map<string, JsonObject>()
  for (const { key, kind, body, id } of resources)
    if (kind === 'security-group' || kind === 'subnet')
      bodies.set(key, { id, name: nameIn(id), ...body } as JsonObject)
  bodies.set('subnet/snet-agents-ops', {
    properties: { networkSecurityGroup: { id: homeGroup }, routeTable: { id: homeTable } },
  })
  const home = strangers?.of.startsWith('subnet/') ? strangers : undefined
  bodies.set(homeGroup.toLowerCase(), { id: homeGroup, properties: { securityRules: home?.rules ?? [] } })
  bodies.set(homeTable.toLowerCase(), { id: homeTable, properties: { routes: home?.routes ?? [] } })
  const group = strangers && !home ? bodies.get(strangers.of) : undefined
  if (strangers && group) {
    const { securityRules } = group['properties'] as { securityRules: JsonObject[] }
    bodies.set(strangers.of, {
      ...group,
      properties: { securityRules: [...securityRules, ...(strangers.rules ?? [])] },
    })
  }
  const ready = resources.map(({ key }): [string, Observation] => [key, { state: 'ready' }])
  return { observations: new Map([...ready, ...Object.entries({ ...noise, ...seen })]), bodies }
}

const nameIn = (id: string) => id.split('/').at(-1) ?? ''

function explained(
  fault: Fault,
  noise?: Record<string, Observation>,
): { causes: Cause[]; failing: string[] } {
  const failing = failingBy(fault)
  const states = new Map(
    probes.map(({ id }) => [
      id,
      { result: failing.has(id) ? ('fail' as const) : ('pass' as const), fresh: true },
    ]),
  )
  const found = roots(probes, states)
  const first = probes.flatMap((probe): Failing[] =>
    found.roots.includes(probe.id)
      ? [{ probe, verdict: { reason: failing.get(probe.id) ?? 'ProberBroken', why: 'it does not' } }]
      : [],
  )
  const muted = new Map([...found.muted].map(([id, [root = '']]) => [id, root]))
  return {
    causes: causes(first, muted, lookedAt(fault, noise), { resources, protect: document.protect }),
    failing: [...failing.keys()],
  }
}

test('there are at least forty faults, each with an id of its own', () => {
  expect(faults.length).toBeGreaterThanOrEqual(40)
  expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length)
})

describe.each(faults)('$id', (fault) => {
  const { causes: found, failing } = explained(fault)
  test('is one cause, and the right one', () => {
    expect(found.map(({ key }) => key)).toEqual([fault.cause])
    expect(found[0]?.message).toMatch(fault.says)
  })
  test('explains every failure, as a root or behind one', () => {
    expect(found.flatMap((cause) => [...cause.roots, ...cause.muted]).toSorted()).toEqual(failing.toSorted())
  })
  test('is named the same beside a change that hurts nobody', () => {
    const noise: Record<string, Observation> = Object.fromEntries(
      ['account/contoso-eus', 'security-group/nsg-apim', 'api-management/contoso-apim'].map((key) => [
        key,
        { state: 'drifted', changes: [{ path: 'tags.owner', before: 'me', after: 'platform' }] },
      ]),
    )
    expect(explained(fault, noise).causes.map(({ key }) => key)).toEqual([fault.cause])
  })
})

test('two faults at once are two causes', () => {
  const [link, slow] = ['gateway-zone-link-removed', 'deployment-removed'].map((id) =>
    faults.find((fault) => fault.id === id),
  )
  if (!link || !slow) throw new Error('the faults are gone')
  const both: Fault = { ...link, fails: [...link.fails, ...slow.fails], seen: { ...link.seen, ...slow.seen } }
  expect(
    explained(both)
      .causes.map(({ key }) => key)
      .toSorted(),
  ).toEqual([link.cause, slow.cause].toSorted())
})

describe('repair', () => {
  const repairOf = (id: string) => {
    const fault = faults.find((one) => one.id === id)
    if (!fault) throw new Error(`no fault ${id}`)
    return explained(fault).causes[0]?.repair
  }
  test('is offered for what drifted, in the class a sweep would give it', () => {
    expect(repairOf('zone-link-removed')).toEqual({
      resource: 'dns-link/privatelink.openai.azure.com',
      class: 'safe',
    })
    expect(repairOf('gateway-removed')).toEqual({ resource: 'api-management/contoso-apim', class: 'person' })
  })
  test('is not offered for what others put in the way, nor where nothing looks wrong', () => {
    expect(repairOf('rule-against-gateway')).toBeUndefined()
    expect(repairOf('model-slow')).toBeUndefined()
  })
})

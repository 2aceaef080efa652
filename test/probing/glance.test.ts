import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Arm } from '../../src/azure/arm.ts'
import { expand } from '../../src/environment/expand.ts'
import { parse } from '../../src/environment/parse.ts'
import { derive } from '../../src/probes/derive/derive.ts'
import type { Probe } from '../../src/probes/probe.ts'
import { openProbes } from '../../src/probing/probes.ts'
import type { JsonObject, Resource } from '../../src/resources/kind.ts'
import { everything } from '../histories/world.ts'
import { memoryStore } from '../memory-store.ts'

const parsed = parse(readFileSync('examples/contoso.yaml', 'utf8'), 'contoso')
if ('faults' in parsed) throw new Error('the example is no document')
const { document } = parsed
const resources = expand(document, everything)
const facts = derive(document, everything).filter(({ module }) => module === 'fact')
const factsOf = (kind: string) => facts.filter(({ id }) => id.startsWith(`fact/${kind}/`))
const signal = new AbortController().signal

/** A Resource Manager that shows every resource as it is described, and notes what it was asked. */
function azure(unreadable: (path: string) => boolean = () => false) {
  const asked: string[] = []
  const shown = ({ id, body }: Resource): JsonObject => ({ ...body, id })
  const failure = { status: 403, code: 'AuthorizationFailed', message: 'no' }
  const arm = {
    async read(_kind: unknown, id: string) {
      asked.push(id)
      if (unreadable(id)) return { is: 'unreadable', failure }
      const found = resources.find((one) => one.id === id)
      return found ? { is: 'found', body: shown(found) } : { is: 'missing' }
    },
    async list(_kind: unknown, collection: string) {
      asked.push(collection)
      if (unreadable(collection)) return { is: 'unreadable', failure }
      const members = resources.filter(({ id }) => id.slice(0, id.lastIndexOf('/')) === collection)
      return { is: 'listed', bodies: members.map(shown) }
    },
    async get(path: string) {
      asked.push(path)
      return { status: 404, body: {} }
    },
  } as unknown as Arm
  const probes = openProbes({
    arm,
    credentials: async () => undefined,
    surroundings: everything,
    store: memoryStore(),
  })
  return { asked, probes }
}

const twice = (all: string[]) => all.filter((one, index) => all.indexOf(one) !== index)

test('a round over every fact reads nothing twice, and less than half of what the facts asked one by one take', async () => {
  const round = azure()
  const glance = round.probes.glance(document, facts)
  const together = await Promise.all(facts.map((probe) => glance.ask(probe, signal)))
  expect(twice(round.asked)).toEqual([])

  const alone = azure()
  const oneByOne = await Promise.all(facts.map((probe) => alone.probes.ask(document, probe, signal)))
  expect(together.map(({ reason }) => reason)).toEqual(oneByOne.map(({ reason }) => reason))
  expect(round.asked.length).toBeLessThan(alone.asked.length / 2)
})

test('an explanation reads nothing that its round has read', async () => {
  const { asked, probes } = azure()
  const subnets = factsOf('subnet')
  const glance = probes.glance(document, subnets)
  await Promise.all(subnets.map((probe) => glance.ask(probe, signal)))
  const { observations } = await glance.look(subnets.flatMap(({ suspects }) => suspects))
  expect([...observations.keys()]).toEqual(expect.arrayContaining(['subnet/snet-apim', 'subnet/snet-agents']))
  expect(twice(asked)).toEqual([])
})

test('each round, and each probe that is asked by hand, reads anew', async () => {
  const { asked, probes } = azure()
  const [one] = factsOf('private-endpoint') as [Probe]
  await probes.glance(document, [one]).ask(one, signal)
  const perRound = asked.length
  await probes.glance(document, [one]).ask(one, signal)
  await probes.ask(document, one, signal)
  expect(asked).toHaveLength(3 * perRound)
})

test('what cannot be read leaves those that need it without a verdict, and nobody else', async () => {
  const { probes } = azure((path) => path.endsWith('/privateEndpoints'))
  const glance = probes.glance(document, facts)
  const reasons = async (kind: string) =>
    new Set(
      (await Promise.all(factsOf(kind).map((probe) => glance.ask(probe, signal)))).map(
        ({ reason }) => reason,
      ),
    )
  expect(await reasons('private-endpoint')).toEqual(new Set(['Unreadable']))
  expect(await reasons('security-group')).toEqual(new Set(['AsDescribed']))
})

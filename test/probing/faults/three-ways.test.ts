import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Probe, Verdict } from '../../../src/probes/probe.ts'
import { reference } from './reference.ts'
import { openWorld, type World } from './world.ts'

/** The three ways to the Responses API and the four roles of a caller, as the probes see them; docs/probes.md shows what they saw. */
const ways = {
  directly: 'responses/direct/contoso-eus',
  'through the gateway': 'responses/gateway/gpt-4o',
  'through the project': 'responses/project/contoso-eus/main',
}
const roles = [
  { name: 'Cognitive Services OpenAI User', role: 'openai-user', scope: 'contoso-eus' },
  { name: 'Storage Blob Data Contributor', role: 'blob-data-contributor', scope: 'contosoaidata' },
  { name: 'Search Index Data Contributor', role: 'search-index-data-contributor', scope: 'contoso-search' },
  { name: 'Foundry User', role: 'foundry-user', scope: 'contoso-eus/main' },
]
/** All that is done with the canary's roles. */
const callers = (id: string) =>
  Object.values(ways).includes(id) || /^role\/[^/]+\/.*(?<!denied)$|^model\/|^agent\/|^portal\//.test(id)

let world: World
beforeAll(async () => {
  world = await openWorld(reference)
}, 300_000)
afterAll(() => world?.close())

const probe = (id: string): Probe => {
  const found = world.probes.find((one) => one.id === id)
  if (!found) throw new Error(`no probe ${id}`)
  return found
}
const asNobody = (one: Probe): Probe => ({ ...one, target: { ...one.target, as: 'nobody' } }) as Probe
const seen = ({ reason, why }: Verdict) => `${reason}: ${why}`
/** Whose token it was says the row. */
const shown = (verdict: Verdict) =>
  seen(verdict)
    .replace(/, principal [0-9a-f-]{36}/, '')
    .replace('Microsoft.CognitiveServices/accounts/', '')
const line = (...cells: string[]) => `| ${cells.join(' | ')} |`

const byWay = [
  line('Responses API', 'probe', 'with the four roles', 'the same call by nobody'),
  line('---', '---', '---', '---'),
]
const byRole = [line('role, and where', 'by whom', 'probe', 'what it saw'), line('---', '---', '---', '---')]

test.each(Object.entries(ways))(
  '%s whoever has the four roles is answered, and nobody else',
  async (way, id) => {
    const [allowed, denied] = [await world.ask(probe(id)), await world.ask(asNobody(probe(id)))]
    expect(allowed.result, seen(allowed)).toBe('pass')
    expect(denied.result, seen(denied)).toBe('fail')
    expect(['MissingRole', 'Unauthorized', 'Forbidden']).toContain(denied.reason)
    byWay.push(line(way, `\`${id}\``, shown(allowed), shown(denied)))
  },
)

test.each(roles)(
  'without $name something fails that names it, and else nothing is missed',
  async ({ name, role, scope }) => {
    const denied = await world.ask(probe(`role/${role}/${scope}/denied`))
    expect(denied, seen(denied)).toMatchObject({ result: 'pass', reason: 'TurnedAway' })
    await world.hands.remove(`role-assignment/probe/${role}/${scope}`)
    const verdicts = await Promise.all(
      world.probes
        .filter(({ id }) => callers(id))
        .map(async (one) => ({ id: one.id, verdict: await world.ask(one) })),
    )
    const failing = verdicts.filter(({ verdict }) => verdict.result === 'fail')
    expect(failing.map(({ id }) => id)).toContain(`role/${role}/${scope}`)
    for (const { verdict } of failing) expect(verdict.reason, seen(verdict)).toBe('MissingRole')
    expect(failing[0]?.verdict.why).toContain(name)
    await world.hands.undo()
    byRole.push(
      ...failing.map(({ id, verdict }, index) =>
        line(index === 0 ? `${name} at ${scope}` : '', 'the canary, without it', `\`${id}\``, shown(verdict)),
      ),
      line('', 'nobody, who never had it', `\`role/${role}/${scope}/denied\``, shown(denied)),
    )
  },
)

test('docs/probes.md says what was seen', () => {
  const text = readFileSync('docs/probes.md', 'utf8')
  const section = /(?<=<!-- seen in the lab -->\n)[\s\S]*(?=<!-- so far -->)/
  const tables = `\n${[...byWay, '', ...byRole].join('\n')}\n\n`
  if (process.env['PROBE_TABLES'] === 'write')
    writeFileSync(
      'docs/probes.md',
      text.replace(section, () => tables),
    )
  expect(readFileSync('docs/probes.md', 'utf8')).toContain(tables)
})

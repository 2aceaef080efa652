import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expand } from '../../src/environment/expand.ts'
import { parse } from '../../src/environment/parse.ts'
import type { Document } from '../../src/environment/schema.ts'
import { kinds } from '../../src/resources/kinds.ts'
import { deletedKinds } from '../../src/resources/soft-delete.ts'
import { everything, type Here, openHere } from '../histories/world.ts'

/** Every example, on both tempers: it reaches succeeded, its plan is then empty for every kind, and destroying it leaves nothing. */
const examples = ['small', 'contoso', 'two-regions']

function documentOf(example: string): Document {
  const parsed = parse(readFileSync(`examples/${example}.yaml`, 'utf8'), 'contoso')
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.document
}

test('the examples have every kind there is, and the reference document fits on a page', () => {
  const used = new Set(
    examples.flatMap((example) => expand(documentOf(example), everything).map(({ kind }) => kind)),
  )
  const logged = expand(
    { ...documentOf('contoso'), gateway: { ...documentOf('contoso').gateway } },
    everything,
  )
  for (const { kind } of logged) used.add(kind)
  expect(Object.keys(kinds).filter((kind) => !used.has(kind) && !(kind in deletedKinds))).toEqual([])
  expect(readFileSync('examples/contoso.yaml', 'utf8').trim().split('\n').length).toBeLessThan(60)
})

describe.each(['fast', 'usual'] as const)('on the %s temper', (temper) => {
  let here: Here
  beforeAll(async () => {
    here = await openHere({ temper, surroundings: everything })
  })
  afterAll(() => here.close())

  test.each(examples)(
    '%s is provisioned, then planned empty, then read as described, then taken away whole',
    async (example) => {
      await here.reset()
      const home = (await here.resources()).map(({ id }) => id)
      const document = documentOf(example)
      const made = await here.carryOut({ kind: 'provision', document }, [])
      expect(made.state, JSON.stringify(made.conditions.filter(({ status }) => status !== 'True'))).toBe(
        'succeeded',
      )
      expect((await here.preview(document)).steps).toEqual([])
      const gone = await here.carryOut({ kind: 'destroy', document, includeProtected: true }, [])
      expect(gone.state, JSON.stringify(gone.conditions.filter(({ reason }) => reason !== 'Removed'))).toBe(
        'succeeded',
      )
      expect((await here.resources()).map(({ id }) => id).filter((id) => !home.includes(id))).toEqual([])
    },
    60_000,
  )
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coverage } from '../../src/probes/coverage.ts'
import { derive } from '../../src/probes/derive/derive.ts'
import { everything } from '../environment/reference.ts'
import { documents, installations } from './documents.ts'
import { documentOf } from './reference.ts'

const of = (document: Parameters<typeof derive>[0], surroundings = everything) =>
  coverage(document, surroundings, derive(document, surroundings))

test.each(['small', 'contoso', 'two-regions'] as const)('all that can be proven of %s is', (example) => {
  const found = of(documentOf(example))
  expect(found.uncovered).toEqual([])
  expect(found.covered).toBe(found.provable)
  expect(found.provable).toBeGreaterThan(10)
})

test('all that can be proven is, whatever the document and the installation', () => {
  fc.assert(
    fc.property(documents, installations, (document, surroundings) => {
      const found = of(document, surroundings)
      expect(found.uncovered).toEqual([])
      // What is said to be out of reach is not proven behind our back: then the list would be wrong.
      expect(found.notProvable.filter(({ key }) => found.provenBy.has(key))).toEqual([])
    }),
    { numRuns: 60 },
  )
})

test('a probe that is left out shows as a hole', () => {
  const document = documentOf('contoso')
  const fewer = derive(document, everything).filter(({ id }) => !/^(model|responses)\//.test(id))
  expect(coverage(document, everything, fewer).uncovered).toContain('model-deployment/contoso-eus/gpt-4o')
})

test('a fact is no proof', () => {
  const document = documentOf('contoso')
  const facts = derive(document, everything).filter(({ module }) => module === 'fact')
  expect(coverage(document, everything, facts).covered).toBe(0)
})

describe('what is not to be proven is listed, with its reason', () => {
  const why = (key: string, surroundings = everything) =>
    of(documentOf('contoso'), surroundings).notProvable.find((one) => one.key === key)?.why
  test('people’s roles', () => {
    expect(why('role-assignment/6f1d2c3b-0a49-4e58-8c67-9d8e7f605142/openai-user/contoso-eus')).toMatch(
      /somebody this service cannot be/,
    )
    expect(why('role-assignment/probe/openai-user/contoso-eus')).toBeUndefined()
  })
  test('the data of agents, which the agent service writes', () => {
    expect(why('cosmos-role-assignment/contoso-eus/main/enterprise_memory')).toMatch(/agent service/)
  })
  test('everything behind a key', () => {
    expect(why('subscription/contoso')).toMatch(/keys are read by nobody/)
  })
  test('and without canaries all that only they could ask', () => {
    const none = { ...everything, probeIdentities: undefined }
    for (const key of ['model-deployment/contoso-eus/gpt-4o', 'project/contoso-eus/main', 'pool/gpt-4o'])
      expect(why(key, none), key).toMatch(/canary identities/)
    expect(why('account/contoso-eus', none)).toBeUndefined()
  })
})

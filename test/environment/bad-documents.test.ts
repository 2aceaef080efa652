import { expect, test } from 'vitest'
import { parse } from '../../src/environment/parse.ts'
import { badDocuments } from './bad-documents/all.ts'
import { example } from './bad-documents/document.ts'

test('the reference document itself is good, and under 60 lines', () => {
  expect('document' in parse(example('contoso'), 'contoso')).toBe(true)
  expect(example('contoso').split('\n').length).toBeLessThan(60)
})

test('no fault is tried twice, and there are at least a hundred of them', () => {
  expect(new Set(badDocuments.map(([fault]) => fault)).size).toBe(badDocuments.length)
  expect(new Set(badDocuments.map(([, body]) => body)).size).toBe(badDocuments.length)
  expect(badDocuments.length).toBeGreaterThanOrEqual(100)
})

test.each(badDocuments)('%s', (_fault, body, paths) => {
  const parsed = parse(body, 'contoso')
  const faults = 'faults' in parsed ? parsed.faults : []
  expect(faults.map(({ path }) => path).toSorted()).toEqual(paths.toSorted())
  for (const { problem, remedy } of faults) {
    expect(problem.length).toBeGreaterThan(5)
    expect(remedy.length).toBeGreaterThan(5)
  }
})

test('nothing in a document reaches the prototypes of what reads it', () => {
  for (const [, body] of badDocuments) parse(body, 'contoso')
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

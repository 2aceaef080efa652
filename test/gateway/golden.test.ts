import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { apiPolicy } from '../../src/gateway/policies.ts'
import { documents } from './specs.ts'

/** Refreshed by UPDATE_GOLDEN=1: read the difference as if you had written it. */
test.each(Object.entries(documents))('the document %s is the golden one', (name, spec) => {
  const file = new URL(`golden/${name}.xml`, import.meta.url)
  const emitted = `${apiPolicy(spec)}\n`
  if (process.env['UPDATE_GOLDEN']) writeFileSync(file, emitted)
  expect(emitted).toBe(readFileSync(file, 'utf8'))
})

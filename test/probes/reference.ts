import { readFileSync } from 'node:fs'
import { parse } from '../../src/environment/parse.ts'
import type { Document } from '../../src/environment/schema.ts'

/** An example document, with parts of its text replaced. */
export function documentOf(
  example: 'small' | 'contoso' | 'two-regions',
  replacements: [from: string | RegExp, to: string][] = [],
): Document {
  const text = replacements.reduce(
    (before, [from, to]) => {
      const after = before.replace(from, to)
      if (after === before) throw new Error(`the example has no ${from}`)
      return after
    },
    readFileSync(`examples/${example}.yaml`, 'utf8'),
  )
  const parsed = parse(text, 'contoso')
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.document
}

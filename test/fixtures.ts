import { readFileSync } from 'node:fs'
import { parse } from '../src/environment/parse.ts'
import type { Document } from '../src/environment/schema.ts'

/** The example document, with parts of its sections replaced. */
export function contosoDocument(changes: { network?: Partial<Document['network']> } = {}): Document {
  const parsed = parse(readFileSync('examples/small.yaml', 'utf8'), 'contoso')
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return { ...parsed.document, network: { ...parsed.document.network, ...changes.network } }
}

export const surroundings = {
  subscriptionId: '00000000-0000-4000-8000-000000000001',
  gatewaySuffix: 'azure-api.net',
}

import { keyOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import type { Format } from '../providers/api-management/policy-tree.ts'
import type { Section } from '../providers/api-management/policy-vocabulary.ts'
import { type Configuration, entityIn } from './configuration.ts'
import { compileDocument, type PolicyDocument } from './document.ts'
import type { Scope } from './elements/element.ts'
import { withNamedValues } from './named-values.ts'
import type { Step } from './running.ts'

/** What is executed for a call: the documents of all its scopes, each standing in the next one's `<base />`. */
export type Program = Record<Section, Step> & { readsResponseBody: boolean }

type Documents = Map<string, PolicyDocument>

/** azure-facts 6.1: what forwards where nobody has written a document for the whole service. */
const DEFAULT =
  '<policies><inbound /><backend><forward-request /></backend><outbound /><on-error /></policies>'

const NOTHING: Step = () => {}

export function programFor(
  { api, operation, product }: { api: Resource; operation: Resource | undefined; product: Resource | null },
  configuration: Configuration,
  documents: Documents,
): Program {
  const { programs } = configuration
  const key = `${api.id}\n${operation?.id}\n${product?.id}`
  const known = programs.get(key)
  if (known) return known
  const wide = documentAt(entityIn(configuration, 'policies', 'policy'), 'global', configuration, documents)
  const chain = [
    wide ?? compiledOnce(DEFAULT, 'xml', 'global', documents),
    ...(
      [
        [product, 'product'],
        [api, 'api'],
        [operation, 'operation'],
      ] as const
    ).map(([holder, scope]) => documentAt(policyOf(holder, configuration), scope, configuration, documents)),
  ].filter((document) => document !== undefined)
  const joined = (section: Section) =>
    chain.reduce<Step>((base, { sections }) => sections[section](base), NOTHING)
  const program: Program = {
    inbound: joined('inbound'),
    backend: joined('backend'),
    outbound: joined('outbound'),
    'on-error': joined('on-error'),
    readsResponseBody: chain.some(({ readsResponseBody }) => readsResponseBody),
  }
  programs.set(key, program)
  return program
}

const policyOf = (holder: Resource | null | undefined, { entities }: Configuration) =>
  holder ? entities.get(keyOf(`${holder.id}/policies/policy`)) : undefined

export function documentAt(
  policy: Resource | undefined,
  scope: Scope,
  configuration: Configuration,
  documents: Documents,
): PolicyDocument | undefined {
  if (!policy) return undefined
  const { value, format } = policy.properties as { value: string; format: Format }
  return compiledOnce(withNamedValues(value, configuration), format, scope, documents)
}

function compiledOnce(text: string, format: Format, scope: Scope, documents: Documents): PolicyDocument {
  const key = `${scope} ${format} ${text}`
  const known = documents.get(key)
  if (known) return known
  const made = compileDocument(text, format, scope)
  documents.set(key, made)
  return made
}

import { z } from 'zod'
import { badRequest } from '../../arm/errors.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { entity, faulty, notPlayed } from './entity.ts'
import { printPolicy } from './policy-print.ts'
import { missingReferences, referencesIn } from './policy-references.ts'
import { fragmentFaults, type PolicyFault, policyFaults, type Scope } from './policy-rules.ts'
import type { Element, Format } from './policy-tree.ts'
import { NotWellFormed, parsePolicy } from './policy-xml.ts'

const MOST_CHARACTERS = 256 * 1024

const Document = z.looseObject({
  value: z.string().min(1).max(MOST_CHARACTERS, 'A policy document has at most 256 KB.'),
  format: z.enum(['xml', 'rawxml', 'xml-link', 'rawxml-link']).default('xml'),
})
type Document = z.infer<typeof Document>

/** Documents are kept as they were sent and read anew when asked for: properties are frozen, so each is parsed once. */
const parsed = new WeakMap<object, Element>()

function treeOf(properties: Document): Element {
  const known = parsed.get(properties)
  if (known) return known
  if (properties.format.endsWith('-link')) throw notPlayed(`Policies by link (format ${properties.format})`)
  const tree = parsePolicy(properties.value, properties.format as Format)
  parsed.set(properties, tree)
  return tree
}

function checkedTree(properties: Document, faultsOf: (root: Element) => PolicyFault[]): Element {
  try {
    const tree = treeOf(properties)
    const faults = faultsOf(tree)
    if (faults.length) throw faulty(...faults)
    return tree
  } catch (error) {
    if (!(error instanceof NotWellFormed)) throw error
    const { line, column } = error.position
    throw faulty({ target: 'representation', message: `${error.message} Line ${line}, position ${column}.` })
  }
}

type Own = Omit<ReturnType<typeof entity>, 'stateless'>

/** Always as the reader wants it, never as the writer wrote it. */
function shownAs(properties: Document, query?: URLSearchParams) {
  const format = query?.get('format') ?? 'xml'
  if (format !== 'xml' && format !== 'rawxml')
    throw badRequest('ValidationError', `The format '${format}' is invalid: xml or rawxml.`, 'format')
  return { properties: { format, value: printPolicy(treeOf(properties), format) } }
}

function documents(own: Own, faultsOf: (root: Element) => PolicyFault[]): Kind<Document> {
  return {
    ...own,
    shape: Document,
    check: (draft, before, azure) => {
      own.check(draft as Resource, before, azure)
      const tree = checkedTree(draft.properties, faultsOf)
      const missing = missingReferences(tree, draft.id, azure)
      if (missing.length) throw faulty(...missing)
    },
    references: ({ id, properties }, _now, azure) => referencesIn(treeOf(properties), id, azure),
    shown: ({ properties }, _azure, query) => shownAs(properties, query),
  }
}

const policies = (path: string, scope: Scope): Kind =>
  defineKind<Document>({
    ...documents(entity(path, 'Policy'), (root) => policyFaults(root, scope)),
    name: { pattern: /^policy$/, most: 6 },
    methods: ['PUT', 'DELETE'],
  })

export const policyKinds: Kind[] = [
  policies('policies', 'service'),
  policies('apis/policies', 'api'),
  policies('apis/operations/policies', 'operation'),
  policies('products/policies', 'product'),
]

const { stateless: _, ...fragment } = entity('policyFragments', 'Policy Fragment')

export const policyFragments: Kind = defineKind<Document>({
  ...documents(fragment, fragmentFaults),
  name: { pattern: /(^\w+$)|(^\w[\w-]+\w$)/, most: 80 },
  methods: ['PUT', 'DELETE'],
  shape: Document.extend({ description: z.string().max(1000).nullish() }),
})

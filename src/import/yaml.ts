import { Document, isCollection, isMap, isScalar, isSeq, type Node, Scalar, visit } from 'yaml'
import type { Draft } from './draft.ts'

/** As many characters as a line may have with a small thing written in one. */
const longest = 110

/** The document as people would write it: small things in one line, versions in quotes. */
export function documentText(draft: Draft, comments: Partial<Record<keyof Draft, string>>): string {
  const document = new Document(draft)
  flatten(document.contents)
  visit(document, {
    Pair(_key, { key, value }) {
      // Many a reader of YAML takes a version such as 2024-11-20 for a date.
      if (isScalar(key) && key.value === 'version' && isScalar(value)) value.type = Scalar.QUOTE_DOUBLE
    },
  })
  if (isMap(document.contents))
    for (const { key, value } of document.contents.items)
      if (isScalar(key) && isScalar(value)) {
        const comment = comments[String(key.value) as keyof Draft]
        if (comment !== undefined) value.comment = ` ${comment}`
      }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}

/** Lines: what holds only scalars, and lists of these. */
function flatten(node: unknown, top = true): void {
  if (!isCollection(node)) return
  const children = node.items.map((item) =>
    typeof item === 'object' && item !== null && 'value' in item && 'key' in item ? item.value : item,
  )
  for (const child of children) flatten(child, false)
  node.flow =
    !top &&
    JSON.stringify(node).length < longest &&
    children.every((child) => isScalar(child) || isSmall(child as Node))
}

const isSmall = (node: Node): boolean => isSeq(node) && node.items.every((item) => isScalar(item))

import { beginsExpression } from './expressions.ts'
import type { Element, Format, Node } from './policy-tree.ts'

/** As APIM gives it back: indented anew, whatever it looked like when it was sent. */
export const printPolicy = (root: Element, format: Format): string => printed(root, format, 0)

function printed(node: Node, format: Format, depth: number): string {
  const margin = '\t'.repeat(depth)
  if ('comment' in node) return `${margin}<!--${node.comment}-->`
  if ('text' in node) return `${margin}${escaped(node.text.trim(), format, false)}`
  const attributes = [...node.attributes]
    .map(([name, value]) => ` ${name}="${escaped(value, format, true)}"`)
    .join('')
  const tag = `${margin}<${node.name}${attributes}`
  const children = node.children.filter((child) => !('text' in child) || child.text.trim())
  if (children.length === 0) return `${tag} />`
  const [only] = children
  if (children.length === 1 && only && 'text' in only)
    return `${tag}>${escaped(only.text, format, false)}</${node.name}>`
  const inside = children.map((child) => printed(child, format, depth + 1)).join('\r\n')
  return `${tag}>\r\n${inside}\r\n${margin}</${node.name}>`
}

function escaped(value: string, format: Format, isAttribute: boolean): string {
  const begins = isAttribute ? value : value.trimStart()
  if (format === 'rawxml' && beginsExpression(begins, 0)) return value
  const text = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return isAttribute ? text.replaceAll('"', '&quot;') : text
}

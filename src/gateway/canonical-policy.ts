import { escapedExpressions } from './raw-expressions.ts'
import { isWellFormed, readXml, writeXml, type XmlElement } from './xml.ts'

/**
 * One text for all ways of writing a policy document: attribute order, indentation, entities, CDATA, comments, `<base></base>` and
 * rawxml (what Azure shows of a policy is rarely what was sent) make no difference; every value does.
 * @throws for what is not a policy document: not well-formed, several roots, a DOCTYPE
 */
export function canonicalPolicy(xml: string): string {
  const text = xml.replaceAll('\r\n', '\n')
  return writeXml(inOrder(readXml(isWellFormed(text) ? text : escapedExpressions(text))), 'compact')
}

export const samePolicy = (a: string, b: string): boolean => canonicalPolicy(a) === canonicalPolicy(b)

const inOrder = (element: XmlElement): XmlElement => ({
  name: element.name,
  attributes: element.attributes.toSorted(([a], [b]) => (a < b ? -1 : 1)),
  children: element.children.map((child) => (typeof child === 'string' ? child : inOrder(child))),
})

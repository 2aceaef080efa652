/**
 * Policy documents. `xml` is XML; `rawxml` is what people write: in expressions quotes, angle brackets and ampersands
 * stand as they are. Both become the same tree, which remembers where everything stood.
 */
export type Format = 'xml' | 'rawxml'
export type Position = { line: number; column: number }
export type Element = Position & { name: string; attributes: Map<string, string>; children: Node[] }
export type Node = Element | { text: string } | { comment: string }

export const isElement = (node: Node): node is Element => 'name' in node
export const elementsOf = ({ children }: Element) => children.filter(isElement)

import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser'

/** The only place where XML is read or written. Values are plain text on this side; escaping is the library's. */

export interface XmlElement {
  name: string
  attributes: [name: string, value: string][]
  children: (XmlElement | string)[]
}

const layout = { preserveOrder: true, ignoreAttributes: false, suppressBooleanAttributes: false } as const

const parser = new XMLParser({
  ...layout,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Numeric references (&#34;) are decoded only with this on.
  htmlEntities: true,
  // The library's limits are meant for DOCTYPE bombs; a long policy has thousands of honest &quot;.
  processEntities: { enabled: true, maxTotalExpansions: 1_000_000, maxExpandedLength: 10_000_000 },
})

const builders = {
  compact: new XMLBuilder({ ...layout, processEntities: true, suppressEmptyNode: true }),
  indented: new XMLBuilder({ ...layout, processEntities: true, suppressEmptyNode: true, format: true }),
}

/** One element per line when indented; text stays beside its tags in both forms. */
export const writeXml = (root: XmlElement, form: keyof typeof builders): string =>
  builders[form].build([toNode(root)]).trim()

export const isWellFormed = (xml: string): boolean => XMLValidator.validate(xml) === true

/** @throws where the text is not one well-formed element, or brings a DOCTYPE (entities of its own) */
export function readXml(xml: string): XmlElement {
  if (/<!DOCTYPE/i.test(xml)) throw new Error('cannot read the policy: a DOCTYPE is refused')
  const valid = XMLValidator.validate(xml)
  if (valid !== true)
    throw new Error(`cannot read the policy: ${valid.err.msg} (line ${valid.err.line}, col ${valid.err.col})`)
  const roots = toChildren(parser.parse(xml) as Node[])
  const [root] = roots
  if (roots.length !== 1 || root === undefined || typeof root === 'string')
    throw new Error(`cannot read the policy: one element expected at the top, found ${roots.length}`)
  return root
}

/** The library's own shape: `{ tag: children, ':@': { '@_name': value } }` or `{ '#text': value }`. */
type Node = Record<string, unknown>

const toNode = (child: XmlElement | string): Node =>
  typeof child === 'string'
    ? { '#text': child }
    : {
        [child.name]: child.children.map(toNode),
        ':@': Object.fromEntries(child.attributes.map(([name, value]) => [`@_${name}`, value])),
      }

function toChildren(nodes: Node[]): (XmlElement | string)[] {
  const children: (XmlElement | string)[] = []
  for (const node of nodes) {
    const text = node['#text']
    const last = children.at(-1)
    if (text === undefined) children.push(toElement(node))
    // CDATA and comments split one text into several.
    else if (typeof last === 'string') children[children.length - 1] = last + String(text)
    else children.push(String(text))
  }
  return children
    .map((child) => (typeof child === 'string' ? trimmed(child) : child))
    .filter((it) => it !== '')
}

function toElement(node: Node): XmlElement {
  const name = Object.keys(node).find((key) => key !== ':@') ?? ''
  const attributes = Object.entries((node[':@'] ?? {}) as Record<string, unknown>)
  return {
    name,
    attributes: attributes.map(([key, value]) => [key.slice('@_'.length), String(value)]),
    children: toChildren(node[name] as Node[]),
  }
}

/** White space around a text is layout, not value: Azure indents anew. XML knows these four characters only. */
const trimmed = (text: string) => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')

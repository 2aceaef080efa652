import { beginsExpression, expressionEnd } from './expressions.ts'
import type { Element, Format, Node, Position } from './policy-tree.ts'

export class NotWellFormed extends Error {
  readonly position: Position
  constructor(message: string, position: Position) {
    super(message)
    this.position = position
  }
}

const NAME = /[A-Za-z_][\w.:-]*/y
const SPACE = /\s*/y

export function parsePolicy(text: string, format: Format): Element {
  const relaxed = format === 'rawxml'
  let at = 0

  const positionOf = (index: number): Position => {
    const before = text.slice(0, index).split('\n')
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  }
  const fail = (message: string, index = at): never => {
    throw new NotWellFormed(message, positionOf(index))
  }
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  const upTo = (mark: string, what: string): string => {
    const end = text.indexOf(mark, at)
    if (end < 0) fail(`Unexpected end of file: ${what} is not closed.`)
    const found = text.slice(at, end)
    at = end + mark.length
    return found
  }
  const expect = (mark: string) => {
    if (!text.startsWith(mark, at))
      fail(`'${text[at] ?? 'end of file'}' is an unexpected token. The expected token is '${mark}'.`)
    at += mark.length
  }
  const expression = (): string => {
    const end = expressionEnd(text, at) ?? fail('The expression is not closed.')
    const found = text.slice(at, end)
    at = end
    return found
  }
  const decoded = (raw: string, from: number): string =>
    raw.replace(/&(#\d+;|#x[\da-f]+;|\w+;)?/gi, (whole, entity: string | undefined, offset: number) => {
      const known = entity && entityOf(entity.slice(0, -1))
      if (known) return known
      return relaxed ? whole : fail(`'${whole}' is no entity: an ampersand is written &amp;.`, from + offset)
    })

  const attributeValue = (): string => {
    const quote = text[at]
    if (quote !== '"' && quote !== "'") fail('An attribute value is quoted.')
    at += 1
    if (relaxed && beginsExpression(text, at)) {
      const from = at
      const found = decoded(expression(), from)
      expect(String(quote))
      return found
    }
    const from = at
    const raw = upTo(String(quote), 'an attribute value')
    if (raw.includes('<'))
      fail(`'<', hexadecimal value 0x3C, is an invalid attribute character.`, from + raw.indexOf('<'))
    return decoded(raw, from)
  }

  const attributes = (): Map<string, string> => {
    const found = new Map<string, string>()
    for (;;) {
      const space = take(SPACE)
      if (/[/>]/.test(text[at] ?? '>')) return found
      if (!space) fail('White space is expected before an attribute.')
      const from = at
      const name = take(NAME) || fail('An attribute name is expected.')
      if (found.has(name)) fail(`'${name}' is a duplicate attribute name.`, from)
      take(SPACE)
      expect('=')
      take(SPACE)
      found.set(name, attributeValue())
    }
  }

  const textNode = (): Node => {
    const from = at
    const space = take(SPACE)
    if (relaxed && beginsExpression(text, at))
      return { text: space + decoded(expression(), at) + decoded(take(/[^<]*/y), at) }
    return { text: decoded(space + take(/[^<]*/y), from) }
  }

  const element = (): Element => {
    const from = at
    expect('<')
    const name = take(NAME) || fail('An element name is expected.')
    const made: Element = { name, ...positionOf(from), attributes: attributes(), children: [] }
    if (text[at] === '/') {
      at += 1
      expect('>')
      return made
    }
    expect('>')
    for (;;) {
      if (at >= text.length)
        fail(`Unexpected end of file has occurred. The following elements are not closed: ${name}.`)
      if (text.startsWith('</', at)) break
      append(made.children, child())
    }
    const closing = at
    at += 2
    const closed = take(NAME)
    if (closed !== name)
      fail(
        `The '${name}' start tag on line ${made.line} position ${made.column} does not match the end tag of '${closed}'.`,
        closing,
      )
    take(SPACE)
    expect('>')
    return made
  }

  const comment = (): Node => {
    at += '<!--'.length
    return { comment: upTo('-->', 'a comment') }
  }
  const child = (): Node => {
    if (text.startsWith('<!--', at)) return comment()
    if (text.startsWith('<![CDATA[', at)) {
      at += '<![CDATA['.length
      return { text: upTo(']]>', 'a CDATA section') }
    }
    return text[at] === '<' ? element() : textNode()
  }

  take(/\uFEFF?\s*(<\?xml[^>]*\?>)?\s*/y)
  while (text.startsWith('<!--', at)) {
    comment()
    take(SPACE)
  }
  if (at >= text.length) fail('Root element is missing.')
  const root = element()
  for (take(SPACE); text.startsWith('<!--', at); take(SPACE)) comment()
  if (at < text.length) fail('There are multiple root elements, or text behind the root element.')
  return root
}

/** Text and CDATA side by side are one text. */
function append(children: Node[], node: Node): void {
  const last = children.at(-1)
  if (last && 'text' in last && 'text' in node) last.text += node.text
  else children.push(node)
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function entityOf(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name]
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : undefined
}

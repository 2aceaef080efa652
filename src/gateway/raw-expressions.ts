/**
 * rawxml is not XML: inside `@( … )` and `@{ … }` it allows quotes, `<` and `&` as they are. Here such expressions are found by their
 * own brackets and escaped, so that an XML library can read the rest. Escaped ones come out as they went in.
 */
export function escapedExpressions(raw: string): string {
  let out = ''
  let at = 0
  const copyThrough = (end: string) => {
    const found = raw.indexOf(end, at)
    const next = found < 0 ? raw.length : found + end.length
    out += raw.slice(at, next)
    at = next
  }
  const expressionOr = (closer: RegExp, otherwise: () => void) => {
    const expression = /^@[({]/.test(raw.slice(at, at + 2)) ? readExpression(raw, at) : undefined
    if (!expression || !closer.test(raw.slice(expression.end))) return otherwise()
    out += escaped(expression.text)
    at = expression.end
  }
  while (at < raw.length) {
    const rest = raw.slice(at, at + 9)
    if (rest.startsWith('<!--')) copyThrough('-->')
    else if (rest.startsWith('<![CDATA[')) copyThrough(']]>')
    else if (rest.startsWith('<?')) copyThrough('?>')
    else if (rest.startsWith('</')) copyThrough('>')
    else if (rest.startsWith('<')) copyTag()
    else if (/^\s/.test(rest)) out += raw[at++]
    else
      expressionOr(/^\s*</, () => {
        const next = raw.indexOf('<', at)
        out += raw.slice(at, next < 0 ? raw.length : next)
        at = next < 0 ? raw.length : next
      })
  }
  return out

  function copyTag() {
    while (at < raw.length) {
      const quote = raw[at]
      out += quote
      at++
      if (quote === '>') return
      if (quote !== '"' && quote !== "'") continue
      expressionOr(quote === '"' ? /^"/ : /^'/, () => {})
      copyThrough(quote)
    }
  }
}

const names: Record<string, string> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' }
const escaped = (text: string) =>
  text.replace(/["'<>&]/g, (char) => `&${Object.entries(names).find(([, it]) => it === char)?.[0]};`)

/** The expression that begins at `start`, entities decoded; undefined when its brackets never close. */
function readExpression(raw: string, start: number): { text: string; end: number } | undefined {
  let text = '@'
  let depth = 0
  let within: 'code' | 'string' | 'verbatim' | 'char' = 'code'
  for (let at = start + 1; at < raw.length; ) {
    const { char, next } = readChar(raw, at)
    const before = text.at(-1)
    text += char
    at = next
    if (within === 'code') {
      if (char === '"')
        within = before === '@' || (before === '$' && text.at(-3) === '@') ? 'verbatim' : 'string'
      else if (char === "'") within = 'char'
      else if ('([{'.includes(char)) depth++
      else if (')]}'.includes(char) && --depth === 0) return { text, end: at }
    } else if (char === '\\' && within !== 'verbatim') {
      const following = readChar(raw, at)
      text += following.char
      at = following.next
    } else if (char === (within === 'char' ? "'" : '"')) {
      const following = readChar(raw, at)
      if (within === 'verbatim' && following.char === '"') {
        text += '"'
        at = following.next
      } else within = 'code'
    }
  }
  return undefined
}

function readChar(raw: string, at: number): { char: string; next: number } {
  const entity =
    raw[at] === '&'
      ? /^&(?:(quot|apos|lt|gt|amp)|#(\d+)|#x([0-9a-fA-F]+));/.exec(raw.slice(at, at + 12))
      : null
  if (!entity) return { char: raw[at] ?? '', next: at + 1 }
  const [whole, name, decimal, hex] = entity
  const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '0', 16)
  return { char: name ? (names[name] ?? '') : String.fromCodePoint(code), next: at + whole.length }
}

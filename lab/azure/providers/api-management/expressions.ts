/** Policy expressions, `@(…)` and `@{…}`, as far as one must know C# to see where they end. */

const CLOSING: Record<string, string> = { '(': ')', '{': '}' }

export const beginsExpression = (text: string, at: number) =>
  text[at] === '@' && (text[at + 1] === '(' || text[at + 1] === '{')

/** The index behind the expression that begins at `start`; undefined when it never ends. */
export function expressionEnd(text: string, start: number): number | undefined {
  const open = text[start + 1] ?? ''
  const close = CLOSING[open]
  let depth = 0
  for (let at = start + 1; at < text.length; at++) {
    const past = skipped(text, at)
    if (past === undefined) return undefined
    if (past > at) at = past - 1
    else if (text[at] === open) depth += 1
    else if (text[at] === close) {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return undefined
}

/** The index behind a string, a character or a comment that begins here; `at` when none does. */
function skipped(text: string, at: number): number | undefined {
  const two = text.slice(at, at + 2)
  if (two === '//') return after(text, '\n', at)
  if (two === '/*') return after(text, '*/', at + 2)
  if (two === '@"') return verbatimEnd(text, at + 2)
  const quote = text[at]
  if (quote !== '"' && quote !== "'") return at
  for (let inside = at + 1; inside < text.length; inside++) {
    if (text[inside] === '\\') inside += 1
    else if (text[inside] === quote) return inside + 1
  }
  return undefined
}

const after = (text: string, mark: string, from: number) => {
  const at = text.indexOf(mark, from)
  return at < 0 ? undefined : at + mark.length
}

/** In `@"…"` a quote is doubled. */
function verbatimEnd(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] !== '"') continue
    if (text[at + 1] !== '"') return at + 1
    at += 1
  }
  return undefined
}

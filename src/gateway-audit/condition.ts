/**
 * What a condition in C# says of an answer, as far as that can be told by looking: `||`, `&&`, `!`, brackets, and the comparisons that
 * retry conditions are made of. Everything else is unknown, and unknown stays unknown unless the rest decides: a condition is never guessed.
 */
export type Truth =
  | true
  | false
  | 'unknown'
  | /** It takes something from an answer that is not there. */ 'fails'

/** An answer of a backend; null: no answer came. */
export type Answer = { status: number; retryAfter?: boolean } | null

export function truthOf(condition: string, answer: Answer): Truth {
  const code = codeOf(condition.trim())
  return code === undefined ? 'unknown' : evaluate(code, answer)
}

/** Of `@( … )`, of `@{ return …; }`, or a bare true or false. */
export function codeOf(text: string): string | undefined {
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase()
  const block = /^@\{\s*return\s+([^;]*);\s*\}$/.exec(text)
  if (block) return block[1]
  return /^@\(([\s\S]*)\)$/.exec(text)?.[1]
}

function evaluate(text: string, answer: Answer): Truth {
  const code = text.trim()
  // A choice within the condition (`a ? b : c`, `a ?? b`) binds weaker than all that is read here.
  if (split(code, /^\?(?!\.)/).length > 1) return 'unknown'
  const either = split(code, /^\|\|/)
  if (either.length > 1) return decide(either, answer, true)
  const both = split(code, /^&&/)
  if (both.length > 1) return decide(both, answer, false)
  if (/^!(?!=)/.test(code)) return not(evaluate(code.slice(1), answer))
  if (code.startsWith('(') && closing(code) === code.length - 1) return evaluate(code.slice(1, -1), answer)
  return atom(code, answer)
}

/** `||` ends at the first true, `&&` at the first false; what comes after is not looked at. */
function decide(parts: string[], answer: Answer, ends: boolean): Truth {
  let sofar: Truth = !ends
  for (const part of parts) {
    const truth = evaluate(part, answer)
    if (truth === ends) return ends
    if (truth === 'fails') return sofar === 'unknown' ? 'unknown' : 'fails'
    if (truth === 'unknown') sofar = 'unknown'
  }
  return sofar
}

const not = (truth: Truth): Truth => (typeof truth === 'boolean' ? !truth : truth)

const status = String.raw`(?:\(int\)\s*)?context\.Response(\??)\.StatusCode`

function atom(code: string, answer: Answer): Truth {
  if (code === 'true' || code === 'false') return code === 'true'
  const missing = /^context\.Response\s*(==|!=|is(?:\s+not)?)\s*null$/.exec(code)
  if (missing) return (answer === null) === /^(?:==|is)$/.test(missing[1] ?? '')
  const compared = new RegExp(`^${status}\\s*(==|!=|>=|<=|>|<)\\s*(\\d+)$`).exec(code)
  if (compared) return compare(answer, compared[1] === '?', compared[2] ?? '', Number(compared[3]))
  const reversed = new RegExp(`^(\\d+)\\s*(==|!=)\\s*${status}$`).exec(code)
  if (reversed) return compare(answer, reversed[3] === '?', reversed[2] ?? '', Number(reversed[1]))
  const among = new RegExp(`^new\\b[^{]*\\{([\\d,\\s]*)\\}\\s*\\.Contains\\(\\s*${status}\\s*\\)$`).exec(code)
  if (among && among[2] !== '?')
    return answer === null ? 'fails' : (among[1] ?? '').split(',').map(Number).includes(answer.status)
  if (/^context\.Response\.Headers\.ContainsKey\("Retry-After"\)$/i.test(code))
    return answer === null ? 'fails' : (answer.retryAfter ?? false)
  // Whoever mentions null or asks with `?` has thought of it.
  return answer === null && /\bcontext\.Response\./.test(code) && !/\?|\bnull\b/.test(code)
    ? 'fails'
    : 'unknown'
}

function compare(answer: Answer, askedSafely: boolean, operator: string, number: number): Truth {
  // In C# whatever is compared with nothing is false, but for "differs".
  if (answer === null) return askedSafely ? operator === '!=' : 'fails'
  const { status: own } = answer
  switch (operator) {
    case '==':
      return own === number
    case '!=':
      return own !== number
    case '>=':
      return own >= number
    case '<=':
      return own <= number
    case '>':
      return own > number
    default:
      return own < number
  }
}

/** Parts between separators that stand outside brackets and strings. */
function split(code: string, separator: RegExp): string[] {
  const parts: string[] = []
  let from = 0
  walk(code, (at, depth) => {
    const found = depth === 0 && at >= from ? separator.exec(code.slice(at, at + 3)) : null
    if (!found) return
    parts.push(code.slice(from, at))
    from = at + found[0].length
  })
  return [...parts, code.slice(from)]
}

/** Where the bracket that begins the code is closed. */
function closing(code: string): number {
  let found = -1
  walk(code, (at, depth) => {
    if (found < 0 && at > 0 && depth === 0) found = at
  })
  return found
}

/** Every character outside string literals, with the depth of brackets at it; a bracket that closes has the depth outside. */
function walk(code: string, visit: (at: number, depth: number) => void): void {
  let depth = 0
  let quote: string | undefined
  for (let at = 0; at < code.length; at++) {
    const char = code[at] ?? ''
    if (quote) {
      if (char === '\\') at++
      else if (char === quote) quote = undefined
      continue
    }
    if (char === '"' || char === "'") quote = char
    if (')]}'.includes(char)) depth--
    visit(at, depth)
    if ('([{'.includes(char)) depth++
  }
}

import { NotSimulated } from '../problems.ts'

export type Token =
  | { kind: 'name' | 'operator'; text: string }
  | { kind: 'string' | 'int' | 'double'; text: string }
  | { kind: 'end'; text: '' }

const SPACE = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y
const NAME = /[A-Za-z_]\w*/y
const NUMBER = /(?:\d[\d_]*)(\.\d+)?(?:[eE][+-]?\d+)?/y
const SUFFIX = /[a-zA-Z]+/y
const VERBATIM = /@"((?:[^"]|"")*)"/y
const STRING = /"((?:[^"\\\n]|\\.)*)"/y
const CHARACTER = /'((?:[^'\\\n]|\\.)[^']*)'/y
const OPERATOR = /=>|\?\?|\?\.|\?\[|&&|\|\||[=!<>]=|[-+*/%!<>?:.,()[\]{};=&|^~]/y

/** C#, as far as one expression goes. */
export function tokensOf(code: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(code)
    if (found) at += found[0].length
    return found
  }
  while (at < code.length) {
    if (take(SPACE)) continue
    const name = take(NAME)
    if (name) {
      tokens.push({ kind: 'name', text: name[0] })
      continue
    }
    const number = take(NUMBER)
    if (number) {
      const isReal = /[.eE]/.test(number[0])
      const suffix = take(SUFFIX)
      if (suffix) throw new NotSimulated(`the number ${number[0]}${suffix[0]}`)
      tokens.push({ kind: isReal ? 'double' : 'int', text: number[0].replaceAll('_', '') })
      continue
    }
    const verbatim = take(VERBATIM)
    const quoted = verbatim ? null : (take(STRING) ?? take(CHARACTER))
    if (verbatim) tokens.push({ kind: 'string', text: (verbatim[1] ?? '').replaceAll('""', '"') })
    else if (quoted) tokens.push({ kind: 'string', text: unescaped(quoted[1] ?? '') })
    else {
      const operator = take(OPERATOR)
      if (!operator) throw new NotSimulated(`'${code.slice(at, at + 10)}' in an expression`)
      tokens.push({ kind: 'operator', text: operator[0] })
    }
  }
  tokens.push({ kind: 'end', text: '' })
  return tokens
}

const ESCAPES: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
}

const unescaped = (text: string) =>
  text.replace(
    /\\(?:u([\da-f]{4})|x([\da-f]{1,4})|(.))/gi,
    (_, four?: string, hex?: string, char?: string) => {
      const code = four ?? hex
      return code ? String.fromCharCode(Number.parseInt(code, 16)) : (ESCAPES[char ?? ''] ?? char ?? '')
    },
  )

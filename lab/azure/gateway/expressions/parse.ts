import { NotSimulated } from '../problems.ts'
import { type Token, tokensOf } from './tokens.ts'

/** One C# expression as a tree. */
export type Tree =
  | { node: 'literal'; value: null | boolean | number | string }
  | { node: 'double'; value: number }
  | { node: 'name'; name: string }
  | { node: 'member'; of: Tree; name: string; nullSafe: boolean }
  | { node: 'call'; of: Tree; name: string; generic?: string; args: Tree[]; nullSafe: boolean }
  | { node: 'index'; of: Tree; at: Tree }
  | { node: 'new'; type: string; args: Tree[] }
  | { node: 'cast'; type: string; of: Tree }
  | { node: 'unary'; operator: '!' | '-'; of: Tree }
  | { node: 'binary'; operator: string; left: Tree; right: Tree }
  | { node: 'choice'; condition: Tree; then: Tree; otherwise: Tree }

const BINDING: Record<string, number> = {
  '??': 2,
  '||': 3,
  '&&': 4,
  '==': 5,
  '!=': 5,
  '<': 6,
  '>': 6,
  '<=': 6,
  '>=': 6,
  '+': 7,
  '-': 7,
  '*': 8,
  '/': 8,
  '%': 8,
}
const CHOICE = 1
const UNARY = 9

/** A name in parentheses is one of these, or no cast. */
const TYPES = ['int', 'string', 'bool', 'double', 'object', 'JObject', 'JArray', 'JToken']
const KEYWORDS: Record<string, null | boolean> = { null: null, true: true, false: false }

export function parseExpression(code: string): Tree {
  const tokens = tokensOf(code)
  let at = 0
  const peek = (ahead = 0): Token => tokens[at + ahead] ?? { kind: 'end', text: '' }
  const sees = (text: string, ahead = 0) => peek(ahead).kind === 'operator' && peek(ahead).text === text
  const fail = (): never => {
    throw new NotSimulated(`'${peek().text || 'the end'}' in the expression ${code}`)
  }
  const eat = (text: string) => (sees(text) ? at++ : fail())
  const name = (): string => {
    const { kind, text } = peek()
    if (kind !== 'name') fail()
    at++
    return text
  }

  const args = (): Tree[] => {
    eat('(')
    const found: Tree[] = []
    while (!sees(')')) {
      if (found.length) eat(',')
      // `preserveContent: true`: arguments by name are taken by their place.
      if (peek().kind === 'name' && sees(':', 1)) at += 2
      found.push(expression(0))
    }
    eat(')')
    return found
  }

  /** `<int>` before a parenthesis; anything else that begins with `<` is a comparison. */
  const generic = (): string | undefined => {
    if (!sees('<') || peek(1).kind !== 'name' || !sees('>', 2) || !sees('(', 3)) return undefined
    const { text } = peek(1)
    at += 3
    return text
  }

  const isCast = () => {
    if (peek(1).kind !== 'name' || !TYPES.includes(peek(1).text) || !sees(')', 2)) return false
    const next = peek(3)
    return next.kind !== 'end' && (next.kind !== 'operator' || ['(', '!', '-'].includes(next.text))
  }

  const operand = (): Tree => {
    const token = peek()
    if (token.kind === 'string') return postfixed(literal(token.text))
    if (token.kind === 'int') return postfixed(literal(Number(token.text)))
    if (token.kind === 'double') {
      at++
      return postfixed({ node: 'double', value: Number(token.text) })
    }
    if (token.kind === 'name') {
      if (token.text === 'new') {
        at++
        return postfixed({ node: 'new', type: name(), args: args() })
      }
      const known = KEYWORDS[token.text]
      if (known !== undefined) return postfixed(literal(known))
      at++
      return postfixed({ node: 'name', name: token.text })
    }
    if (sees('!') || sees('-')) {
      at++
      return { node: 'unary', operator: token.text as '!' | '-', of: expression(UNARY) }
    }
    if (!sees('(')) return fail()
    if (isCast()) {
      const type = peek(1).text
      at += 3
      return { node: 'cast', type, of: expression(UNARY) }
    }
    at++
    const inner = expression(0)
    eat(')')
    return postfixed(inner)
  }
  const literal = (value: null | boolean | number | string): Tree => {
    at++
    return { node: 'literal', value }
  }

  const postfixed = (of: Tree): Tree => {
    for (;;) {
      if (sees('.') || sees('?.')) {
        const nullSafe = peek().text === '?.'
        at++
        const member = name()
        const type = generic()
        of = sees('(')
          ? { node: 'call', of, name: member, ...(type ? { generic: type } : {}), args: args(), nullSafe }
          : { node: 'member', of, name: member, nullSafe }
      } else if (sees('[')) {
        at++
        of = { node: 'index', of, at: expression(0) }
        eat(']')
      } else return of
    }
  }

  /** Pratt's: takes what binds more tightly than `least`. */
  function expression(least: number): Tree {
    let left = operand()
    for (;;) {
      const { kind, text: operator } = peek()
      if (kind !== 'operator') return left
      if (operator === '?' && least < CHOICE) {
        at++
        const then = expression(0)
        eat(':')
        left = { node: 'choice', condition: left, then, otherwise: expression(0) }
        continue
      }
      const binding = BINDING[operator]
      if (binding === undefined || binding <= least) return left
      at++
      // `??` takes its right side first.
      left = { node: 'binary', operator, left, right: expression(operator === '??' ? binding - 1 : binding) }
    }
  }

  const tree = expression(0)
  if (peek().kind !== 'end') fail()
  return tree
}

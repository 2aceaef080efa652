/** Why a query is not answered, in the words of the service's inner errors. */
export class QueryError extends Error {
  readonly code: 'SyntaxError' | 'SemanticError'

  constructor(code: QueryError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** What exists in Kusto and not here. */
export const notPlayed = (what: string) =>
  new QueryError('SemanticError', `The simulated Azure does not play ${what} (lab/azure/README.md).`)

export type Word = { kind: 'name' | 'text' | 'number' | 'timespan' | 'datetime' | 'sign'; text: string }

const WORDS: [Word['kind'] | 'space', RegExp][] = [
  ['space', /(?:\s+|\/\/[^\n]*)/y],
  ['datetime', /datetime\(\s*([^)]*?)\s*\)/y],
  ['name', /[A-Za-z_]\w*/y],
  ['text', /@?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/y],
  ['timespan', /\d+(?:\.\d+)?(?:ms|d|h|m|s)\b/y],
  ['number', /\d+(?:\.\d+)?/y],
  ['sign', /==|!=|=~|!~|>=|<=|[><=|(),]/y],
]

function wordsOf(query: string): Word[] {
  const words: Word[] = []
  let at = 0
  while (at < query.length) {
    const found = wordAt(query, at)
    if (!found)
      throw new QueryError('SyntaxError', `Query could not be parsed at '${query.slice(at, at + 12)}'.`)
    if (found.word) words.push(found.word)
    at = found.end
  }
  return words
}

function wordAt(query: string, at: number): { word?: Word; end: number } | undefined {
  for (const [kind, pattern] of WORDS) {
    pattern.lastIndex = at
    const found = pattern.exec(query)
    if (!found) continue
    const end = pattern.lastIndex
    return kind === 'space' ? { end } : { word: { kind, text: found[1] ?? found[0] }, end }
  }
  return undefined
}

/** Reads words one after the other. */
export class Reader {
  readonly #words: Word[]
  #at = 0

  constructor(query: string) {
    this.#words = wordsOf(query)
  }

  get next(): Word | undefined {
    return this.#words[this.#at]
  }

  take(): Word {
    const word = this.next
    if (!word) throw new QueryError('SyntaxError', 'Query could not be parsed: it ends too soon.')
    this.#at += 1
    return word
  }

  /** Whether a name and `=` come next. */
  isAssignment(): boolean {
    return this.next?.kind === 'name' && this.#words[this.#at + 1]?.text === '='
  }

  /** Takes the next word if it is that one. */
  takes(text: string): boolean {
    const { next } = this
    if (!next || next.kind === 'text' || next.text !== text) return false
    this.#at += 1
    return true
  }

  must(text: string): void {
    if (!this.takes(text)) throw this.unexpected(text)
  }

  name(): string {
    const word = this.take()
    if (word.kind !== 'name')
      throw new QueryError('SyntaxError', `Query could not be parsed at '${word.text}'.`)
    return word.text
  }

  unexpected(wanted: string): QueryError {
    return new QueryError(
      'SyntaxError',
      `Query could not be parsed at '${this.next?.text ?? ''}': ${wanted} expected.`,
    )
  }

  list<T>(read: () => T): T[] {
    const all = [read()]
    while (this.takes(',')) all.push(read())
    return all
  }
}

/** An event, or a part of one, that is no alert. */
export interface Garbage {
  kind: 'garbage'
  reason: string
  /** Its beginning, without what looks like a secret. */
  text: string
}

const longestText = 1_000
/** More than is kept, so that nothing is cut where only its end would give it away. */
const lookedThrough = 4_000

export const garbage = (reason: string, text: string): Garbage => ({
  kind: 'garbage',
  reason,
  text: withoutSecrets(text.slice(0, lookedThrough)).slice(0, longestText),
})

// Each looks at a word from its beginning alone: from every letter on, a long one would take its square.
const named =
  /(?<![\w-])([\w-]*(?:key|sig|token|secret|password|pwd|credential|authorization|code)"?\s*[:=]\s*)/
const secrets: [RegExp, string][] = [
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 …'],
  [new RegExp(`${named.source}"(?:[^"\\\\]|\\\\.)*("|$)`, 'gi'), '$1"…"'],
  [new RegExp(`${named.source}(?!["…])[^"&\\s,;}]+`, 'gi'), '$1…'],
  // A JSON Web Token, and long runs of base64 or hexadecimal digits.
  [/\beyJ[\w-]+\.[\w.-]+/g, '…'],
  [/(?<![A-Za-z0-9+/])(?=[A-Za-z+/]*\d)[A-Za-z0-9+/]{32,}={0,2}/g, '…'],
]

/** Whoever sent it here by mistake may have sent more than was meant to be kept. */
const withoutSecrets = (text: string): string =>
  secrets.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text)

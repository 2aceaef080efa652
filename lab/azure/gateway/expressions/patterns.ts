import { NotSimulated } from '../problems.ts'

const known = new Map<string, RegExp>()

/** .NET's patterns in JavaScript's: the same for what both understand, and an error for the rest. */
export function patternOf(pattern: string): RegExp {
  const found = known.get(pattern)
  if (found) return found
  // In .NET `$` stands before a last line feed, too.
  const translated = pattern.replace(/\\.|\[(?:\\.|[^\]\\])*\]|\$/g, (part) =>
    part === '$' ? '(?=\\n?$)' : part,
  )
  let made: RegExp
  try {
    made = new RegExp(translated)
  } catch {
    throw new NotSimulated(`the pattern ${pattern}`)
  }
  known.set(pattern, made)
  return made
}

// ASP.NET route templates: literals, {parameter}, {optional?}, {default=value}, {*rest}, {constrained:int:min(1)}, mixed segments.
import { constraint } from './constraints.ts'

/** The parameters that have a value; null when the path is not of this route. */
export type Match = (path: string) => Record<string, string> | null

interface Parameter {
  name: string
  catchAll: boolean
  optional: boolean
  fallback: string | undefined
  allows: ((value: string) => boolean)[]
}

export function compileRoute(template: string): Match {
  const parameters: Parameter[] = []
  const source = template
    .split(/\/(?![^{}]*\})/)
    .filter((segment) => segment !== '')
    .map((segment) => compileSegment(segment, parameters))
    .join('')
  const pattern = new RegExp(`^${source}/?$`, 'i')

  return (path) => {
    const found = pattern.exec(decodePath(path))
    if (!found) return null
    const values: Record<string, string> = {}
    for (const [index, parameter] of parameters.entries()) {
      const value = found[index + 1] || parameter.fallback
      if (value === undefined) continue
      if (!parameter.allows.every((allows) => allows(value))) return null
      values[parameter.name] = value
    }
    return values
  }
}

const parameterPattern = /\{((?:\{\{|\}\}|[^{}])+)\}(?!\})/g

/** A segment that is one parameter which may be missing takes its slash with it. */
function compileSegment(segment: string, parameters: Parameter[]): string {
  let source = ''
  let end = 0
  let whole: Parameter | undefined
  for (const match of segment.matchAll(parameterPattern)) {
    const parameter = readParameter(match[1] ?? '')
    parameters.push(parameter)
    if (match[0] === segment) whole = parameter
    source += literal(segment.slice(end, match.index)) + (parameter.catchAll ? '(.*)' : '([^/]+)')
    end = match.index + match[0].length
  }
  source += literal(segment.slice(end))
  const missable = whole && (whole.optional || whole.catchAll || whole.fallback !== undefined)
  return missable ? `(?:/${source})?` : `/${source}`
}

function literal(text: string): string {
  const plain = text.replaceAll('{{', '').replaceAll('}}', '')
  if (/[{}]/.test(plain)) throw new Error(`a brace in '${text}' has no partner`)
  const unescaped = text.replaceAll('{{', '{').replaceAll('}}', '}')
  return unescaped.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

const constraintPattern = /^:([a-z]+)(?:\(((?:[^()]|\([^()]*\))*)\))?/i

function readParameter(text: string): Parameter {
  let rest = text.replaceAll('{{', '{').replaceAll('}}', '}')
  const take = (pattern: RegExp) => {
    const found = pattern.exec(rest)
    rest = rest.slice(found?.[0].length ?? 0)
    return found
  }
  const catchAll = take(/^\*{1,2}/) !== null
  const name = take(/^[^:=?]+/)?.[0] ?? ''
  const allows: Parameter['allows'] = []
  for (let found = take(constraintPattern); found; found = take(constraintPattern))
    allows.push(constraint(found[1] ?? '', found[2] ?? ''))
  const fallback = rest.startsWith('=') ? rest.slice(1) : undefined
  const optional = rest === '?'
  if (name === '' || (rest !== '' && !optional && fallback === undefined))
    throw new Error(`'{${text}}' is not a route parameter`)
  return { name, catchAll, optional, fallback, allows }
}

/** Kestrel decodes everything but the encoded slash. */
function decodePath(path: string): string {
  const parts = path.split(/(%2f)/i)
  return parts.map((part, index) => (index % 2 === 1 ? part : decode(part))).join('')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

import { keyOf, parentOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'

/** From a path to an API by its longest prefix, and to an operation by method and template. */

export type Routes = { api: Resource; prefix: string[]; operations: Template[] }[]

type Template = {
  operation: Resource
  method: string
  /** Undefined: any, and the rest. */
  segments: (Segment | undefined)[]
  query: [name: string, segment: Segment][]
  /** By segment: 2 for a word, 1 for a parameter, 0 for the rest of the path. */
  precision: string
}
type Segment = { word: string } | { parameter: string }

export type Match = {
  api: Resource
  /** Undefined: no operation fits. */
  operation?: Resource
  parameters: Record<string, string>
  /** What follows the API's own path, with its slash. */
  rest: string
}

export function readRoutes(apis: Resource[], operations: Resource[]): Routes {
  const byApi = Map.groupBy(operations, ({ id }) => keyOf(parentOf(id)))
  return apis
    .map((api) => ({
      api,
      prefix: split(String(api.properties['path'] ?? '')).map((word) => word.toLowerCase()),
      operations: (byApi.get(keyOf(api.id)) ?? [])
        .map(readTemplate)
        .toSorted((a, b) => (a.precision < b.precision ? 1 : -1)),
    }))
    .toSorted((a, b) => b.prefix.length - a.prefix.length)
}

const split = (path: string) => path.split('/').filter((part) => part !== '')

function readTemplate(operation: Resource): Template {
  const { method, urlTemplate } = operation.properties as { method: string; urlTemplate: string }
  const [path = '', query = ''] = urlTemplate.split('?')
  const segments = split(path).map((part) => (/^(\*|\{\*.*\})$/.test(part) ? undefined : segment(part)))
  const named = query
    ? query.split('&').map((part): [string, string] => [part.split('=')[0] ?? '', part.split('=')[1] ?? ''])
    : []
  return {
    operation,
    method: method.toUpperCase(),
    segments,
    query: named.map(([name, value]) => [name, segment(value)]),
    precision: `${segments.map((it) => (it === undefined ? 0 : 'word' in it ? 2 : 1)).join('')}/${named.length}`,
  }
}

const segment = (part: string): Segment => {
  const parameter = /^\{(.+)\}$/.exec(part)?.[1]
  return parameter === undefined ? { word: part.toLowerCase() } : { parameter }
}

/** @returns undefined where no API has a prefix of the path */
export function route(routes: Routes, method: string, path: string, query: string): Match | undefined {
  const parts = split(path)
  const found = routes.find(({ prefix }) =>
    prefix.every((word, index) => parts[index]?.toLowerCase() === word),
  )
  if (!found) return undefined
  const { api, prefix, operations } = found
  const own = parts.slice(prefix.length)
  const slash = own.length > 0 && path.endsWith('/') ? '/' : ''
  const rest = `/${own.join('/')}${slash}`
  for (const template of operations) {
    if (template.method !== method && template.method !== '*') continue
    const parameters = fitted(template, own, query)
    if (parameters) return { api, operation: template.operation, parameters, rest }
  }
  return { api, parameters: {}, rest }
}

function fitted(
  { segments, query: wanted }: Template,
  parts: string[],
  query: string,
): Record<string, string> | undefined {
  const takesRest = segments.length > 0 && segments.at(-1) === undefined
  if (takesRest ? parts.length < segments.length - 1 : parts.length !== segments.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? ''
    if (segment !== undefined && !takes(segment, part, parameters)) return undefined
  }
  if (wanted.length === 0) return parameters
  const given = new URLSearchParams(query)
  for (const [name, segment] of wanted) {
    const value = given.get(name)
    if (value === null || !takes(segment, value, parameters)) return undefined
  }
  return parameters
}

function takes(segment: Segment, part: string, parameters: Record<string, string>): boolean {
  if ('word' in segment) return segment.word === part.toLowerCase()
  parameters[segment.parameter] = decoded(part)
  return true
}

const decoded = (part: string) => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

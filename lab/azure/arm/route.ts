import type { Azure } from './azure.ts'
import { notSimulated, Refusal } from './errors.ts'
import type { Action, Kind } from './kind.ts'

/** What a path names. */
export type Route =
  | { to: 'operation'; id: string }
  | { to: 'action'; action: Action; params: string[] }
  | { to: 'resource'; kind: Kind; id: string }
  | { to: 'collection'; kind: Kind; under: string }

// An operation of an API may have a GUID for a name, too.
const OPERATION = /(?<!\/apis\/[^/]+)\/[a-z]*operation[a-z]*\/([0-9a-f-]{36})$/i
const GROUP = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/i
const GROUPS = /^(\/subscriptions\/[^/]+)\/resourcegroups$/i

export function route(method: string, path: string, azure: Azure): Route {
  const operation = OPERATION.exec(path)?.[1]
  if (operation && method === 'GET') return { to: 'operation', id: operation }
  for (const action of azure.providers.flatMap(({ actions = [] }) => actions)) {
    const params = action.method === method ? matched(action.path, path) : undefined
    if (params) return { to: 'action', action, params }
  }
  const groupKind = azure.kind('Microsoft.Resources/resourceGroups')
  if (groupKind && GROUP.test(path)) return { to: 'resource', kind: groupKind, id: path }
  const subscription = GROUPS.exec(path)?.[1]
  if (groupKind && subscription) return { to: 'collection', kind: groupKind, under: subscription }
  return typed(path, azure)
}

/** `{scope}/providers/{namespace}/{type}/{name}…`: an even number of segments is a resource, an odd one a list. */
function typed(path: string, azure: Azure): Route {
  const at = path.toLowerCase().lastIndexOf('/providers/')
  const [namespace = '', ...rest] = at < 0 ? [] : path.slice(at + '/providers/'.length).split('/')
  const types = rest.filter((_, index) => index % 2 === 0)
  if (!namespace || types.length === 0)
    throw new Refusal(404, 'NotFound', `The path '${path}' does not name anything the simulated Azure knows.`)
  const type = [namespace, ...types].join('/')
  const kind = azure.kind(type)
  if (!kind) throw unknownType(namespace, type, azure)
  if (rest.length % 2 === 0) return { to: 'resource', kind, id: path }
  return {
    to: 'collection',
    kind,
    under: types.length === 1 ? path.slice(0, at) : path.slice(0, path.lastIndexOf('/')),
  }
}

function unknownType(namespace: string, type: string, azure: Azure): Refusal {
  const provider = azure.providers.find((one) => one.namespace.toLowerCase() === namespace.toLowerCase())
  if (!provider)
    return new Refusal(
      404,
      'InvalidResourceNamespace',
      `The resource namespace '${namespace}' is invalid: no such namespace is simulated.`,
    )
  const isLater = provider.later?.some((later) => type.toLowerCase().startsWith(later.toLowerCase()))
  return isLater
    ? notSimulated(type)
    : new Refusal(
        404,
        'InvalidResourceType',
        `The resource type '${type.slice(type.indexOf('/') + 1)}' could not be found in the namespace '${provider.namespace}'.`,
      )
}

const ANY_SCOPE = '{scope}/'

function matched(pattern: string, path: string): string[] | undefined {
  const anywhere = pattern.startsWith(ANY_SCOPE)
  const parts = (anywhere ? pattern.slice(ANY_SCOPE.length) : pattern).split('/')
  const whole = path.split('/')
  const scope = anywhere ? whole.slice(0, -parts.length) : []
  const segments = whole.slice(scope.length)
  if (parts.length !== segments.length) return undefined
  const params = anywhere ? [scope.join('/')] : []
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? ''
    if (part === '{}') params.push(segment)
    else if (part.toLowerCase() !== segment.toLowerCase()) return undefined
  }
  return params
}

import type { Azure } from './azure.ts'
import type { Call, Carried, ResourceCall } from './call.ts'
import { badRequest, childNotFound, groupNotFound, type Refusal, resourceNotFound } from './errors.ts'
import { groupNameOf, keyOf, nameOf, parentOf, sameId } from './ids.ts'
import type { Kind, Resource } from './kind.ts'
import { drawFate } from './mishaps.ts'
import { checkParent, checkScope } from './scope.ts'
import { etagOf, show, visible } from './show.ts'

const PAGE = 100

export function read(call: ResourceCall, azure: Azure): Carried {
  checkScope(call.kind, call.id, false, azure)
  const resource = azure.find(call.id)
  if (!visible(resource, azure)) {
    checkParent(call.kind, call.id, 'read', azure)
    throw missing(call.kind, call.id)
  }
  const fate = readFate(call, azure)
  return {
    status: 200,
    headers: { ETag: etagOf(resource, azure) },
    body: show(resource, azure, call.query),
    ...fate,
  }
}

export function missing(kind: Kind, id: string): Refusal {
  if (kind.missing) return kind.missing(id)
  if (kind.type === 'Microsoft.Resources/resourceGroups') return groupNotFound(nameOf(id))
  if (kind.type.split('/').length > 2) return childNotFound(id)
  return resourceNotFound(kind.type, nameOf(id), groupNameOf(id))
}

export type Collection = { kind: Kind; under: string }

export function list(call: Call, { kind, under }: Collection, azure: Azure): Carried {
  checkScope(kind, `${under}/-`, false, azure)
  const key = `${keyOf(under)}/`
  const nested = kind.type.split('/').length > 2
  if (nested && !visible(azure.find(under), azure))
    throw missing(azure.kind(azure.find(under)?.type ?? '') ?? kind, under)
  const fate = readFate(call, azure)
  const found =
    kind.listed?.(under, call.query, azure) ??
    azure
      .all(kind.type)
      .filter(({ id }) => (kind.extension ? sameId(parentOf(id), under) : keyOf(id).startsWith(key)))
  return { ...page(call, found, azure), ...fate }
}

/** `$top` and a full page both lead on by nextLink. */
export function page(call: Call, resources: Resource[], azure: Azure): Carried {
  const shown = resources.filter((resource) => visible(resource, azure))
  const top = call.query.get('$top')
  const size = top === null ? PAGE : Number(top)
  const from = Number(call.query.get('$skiptoken') ?? 0)
  if (!Number.isInteger(size) || size < 1 || !Number.isInteger(from) || from < 0)
    throw badRequest('InvalidQueryParameter', 'The value of $top or $skiptoken is invalid.')
  const rest = new URLSearchParams(call.query)
  rest.set('$skiptoken', String(from + size))
  return {
    status: 200,
    body: {
      value: shown.slice(from, from + size).map((resource) => show(resource, azure, call.query)),
      ...(from + size < shown.length ? { nextLink: `${call.origin}${call.path}?${rest}` } : {}),
    },
  }
}

function readFate({ path, forced }: Call, azure: Azure): { lost?: boolean } {
  const { reads } = azure.temper
  if (reads.length === 0) return {}
  return { lost: drawFate(reads, ['read', path, azure.attempt(`read ${path}`)], forced, azure).lost }
}

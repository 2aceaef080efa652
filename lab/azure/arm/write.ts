import type { Azure } from './azure.ts'
import type { Carried, ResourceCall } from './call.ts'
import { checkEtag, checkLocks, checkMatchGiven, locksOf } from './conditions.ts'
import { type Body, checkName, draftOf } from './draft.ts'
import { badRequest, invalidResourceReference, methodNotAllowed } from './errors.ts'
import { keyOf } from './ids.ts'
import { keepInline } from './inline.ts'
import type { Kind, Resource } from './kind.ts'
import { drawFate } from './mishaps.ts'
import { operationHeaders, startOperation } from './operations.ts'
import { missing } from './read.ts'
import { canonicalId, checkParent, checkScope } from './scope.ts'
import { etagOf, show, visible } from './show.ts'
import { knownTo } from './versions.ts'

export function put(call: ResourceCall, azure: Azure): Carried {
  return write(call, bodyOf(call), azure)
}

/** Tags alone are replaced at once; where a type's properties can be patched, they are merged and written like a PUT. */
export function patch(call: ResourceCall, azure: Azure): Carried {
  const present = azure.find(call.id)
  checkScope(call.kind, call.id, true, azure)
  if (!visible(present, azure)) throw missing(call.kind, call.id)
  checkMatchGiven(call.kind, 'PATCH', call.headers)
  const body = bodyOf(call)
  const { properties, tags, location: _, ...beside } = body
  const merged: Body = {
    ...present.beside,
    ...beside,
    ...(present.location ? { location: present.location } : {}),
    ...('tags' in body ? { tags } : present.tags ? { tags: present.tags } : {}),
    properties: { ...present.properties, ...properties },
  }
  if (call.kind.patched === 'merge') return write(call, merged, azure)
  checkEtag(call.headers, present, azure)
  checkLocks(call.kind, present.id, azure)
  const kept = azure.keep(
    draftOf(call.kind, present.id, { ...merged, properties: present.properties }, present, azure),
  )
  return { status: 200, body: show(kept, azure, call.query), headers: { ETag: etagOf(kept, azure) } }
}

function write(call: ResourceCall, body: Body, azure: Azure): Carried {
  const { kind } = call
  if (!kind.methods.includes('PUT')) throw methodNotAllowed(call.method, kind.type)
  checkScope(kind, call.id, true, azure)
  checkParent(kind, call.id, 'write', azure)
  checkName(kind, call.id)
  const before = azure.find(call.id)
  const id = canonicalId(kind, call.id, azure)
  checkEtag(call.headers, before, azure)
  checkLocks(kind, id, azure)

  const draft = azure.keep(draftOf(kind, id, body, before, azure))
  const children = keepInline(kind, draft, body.properties ?? {}, azure)
  checkDraft(kind, draft, before, azure)
  for (const { child, childKind, childBefore } of children) checkDraft(childKind, child, childBefore, azure)

  const verb = before?.settledAt ? 'update' : 'create'
  const attempt = azure.attempt(`${verb} ${id}`)
  const lifecycle = azure.lifecycle(kind.type, verb)
  const fate = drawFate(lifecycle?.mishaps ?? [], [verb, id, attempt], call.forced, azure)
  const members = [draft, ...children.map(({ child }) => child)]
  const invisibleSeconds = before
    ? 0
    : azure.draw.between(lifecycle?.invisibleSeconds ?? [0, 0], 'invisible', keyOf(id), attempt)
  for (const member of members)
    azure.keep({
      ...member,
      state: lifecycle?.state ?? 'Succeeded',
      visibleAt: before ? member.visibleAt : azure.clock.now() + Math.round(invisibleSeconds * 1000),
    })

  const operation = startOperation(
    {
      verb,
      resource: draft,
      members: members.map((member) => member.id),
      locks: locksOf(kind, id),
      attempt,
      seconds: lifecycle?.seconds ?? [0, 0],
      slower: fate.slower,
      stuck: fate.stuck,
      fate: fate.failed,
      retryAfterSeconds: kind.asynchrony.retryAfterSeconds,
    },
    azure,
  )
  const after = azure.find(id) ?? draft
  const running = operation.endedAt === null
  const accepted = running && kind.asynchrony.create === 202
  return {
    status: accepted ? 202 : before || kind.asynchrony.create === 200 ? 200 : 201,
    headers: {
      ...(accepted ? {} : { ETag: etagOf(after, azure) }),
      // A write that has failed by the time it is answered still says where it will say why.
      ...(running || operation.status === 'Failed' ? operationHeaders(kind, after, operation, call) : {}),
    },
    ...(accepted ? {} : { body: show(after, azure, call.query) }),
    lost: fate.lost,
  }
}

function checkDraft(kind: Kind, draft: Resource, before: Resource | undefined, azure: Azure): void {
  kind.check?.(draft, before, azure)
  for (const { to } of kind.references?.(draft, azure.clock.now(), azure) ?? [])
    if (!azure.find(to)) throw invalidResourceReference(to, draft.id)
}

function bodyOf({ body, kind, apiVersion }: ResourceCall): Body {
  if (body === undefined && kind.link) return {}
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest(
      'InvalidRequestContent',
      'The request content was invalid and could not be deserialized: a JSON object is expected.',
    )
  return heard(kind, body as Body, apiVersion)
}

const heard = ({ novelties }: Kind, body: Body, apiVersion: string): Body =>
  novelties && body.properties
    ? { ...body, properties: knownTo(apiVersion, novelties, body.properties) }
    : body

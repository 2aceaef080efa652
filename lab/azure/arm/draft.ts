import type { z } from 'zod'
import { REGIONS, regionCode } from '../regions.ts'
import type { Azure } from './azure.ts'
import { badRequest, conflict, Refusal } from './errors.ts'
import { groupNameOf, nameOf } from './ids.ts'
import type { Kind, Properties, Resource } from './kind.ts'

export type Body = Record<string, unknown> & { properties?: Properties }

/** What a body asks the resource to be: read-only names dropped, defaults filled in, the service's own parts kept. */
export function draftOf(
  kind: Kind,
  id: string,
  body: Body,
  before: Resource | undefined,
  azure: Azure,
): Resource {
  const { id: _id, name: _name, type: _type, etag: _etag, systemData: _data, ...writable } = body
  const { location: where, tags, properties: given, ...beside } = writable
  const asked = given ?? {}
  if (typeof asked !== 'object' || Array.isArray(asked))
    throw badRequest('InvalidRequestFormat', 'Cannot parse the request: properties is not an object.')
  const ignored = new Set([
    'provisioningState',
    'privateEndpointConnections',
    ...kind.readOnly,
    ...(kind.inline ?? []).map((i) => i.property),
  ])
  const properties = parsed(
    kind,
    Object.fromEntries(Object.entries(asked).filter(([property]) => !ignored.has(property))),
  )
  const location = locationOf(kind, id, where, before)
  const checkedTags = tagsOf(tags)
  const now = azure.clock.now()
  const draft: Resource = {
    id,
    type: kind.type,
    ...(location ? { location } : {}),
    ...(checkedTags ? { tags: checkedTags } : {}),
    beside,
    properties,
    assigned: before?.assigned ?? {},
    ...(before?.hidden ? { hidden: before.hidden } : {}),
    state: before?.state ?? 'Creating',
    revision: before?.revision ?? 0,
    createdAt: before?.createdAt ?? now,
    visibleAt: before?.visibleAt ?? now,
    settledAt: before?.settledAt ?? null,
  }
  const whole = before ? draft : { ...draft, assigned: kind.born?.(draft, azure) ?? {} }
  return kind.revived?.(whole, before, azure) ?? whole
}

export function checkName(kind: Kind, id: string): void {
  const name = nameOf(id)
  const { pattern, least = 1, most } = kind.name
  if (name.length >= least && name.length <= most && pattern.test(name)) return
  throw badRequest(
    'InvalidResourceName',
    `Resource name '${name}' is invalid for type '${kind.type}': ${least} to ${most} characters matching ${pattern.source}.`,
  )
}

function parsed(kind: Kind, properties: Properties): Properties {
  const outcome = kind.shape.safeParse(properties)
  if (outcome.success) return outcome.data
  const details = outcome.error.issues.map((issue: z.core.$ZodIssue) => ({
    code: 'InvalidJson',
    message: issue.message,
    target: ['properties', ...issue.path].join('.'),
  }))
  if (typeof kind.malformed === 'function') throw kind.malformed(details)
  const first = details[0]
  throw new Refusal(
    400,
    kind.malformed ?? 'InvalidRequestFormat',
    `Cannot parse the request: ${first?.target}: ${first?.message}.`,
    {
      details,
    },
  )
}

function locationOf(
  kind: Kind,
  id: string,
  asked: unknown,
  before: Resource | undefined,
): string | undefined {
  if (kind.region === 'none') return undefined
  if (typeof asked !== 'string' || !asked)
    throw badRequest('LocationRequired', 'The location property is required for this definition.')
  const code = regionCode(asked)
  const unavailable = kind.region === 'global' ? code !== 'global' : !(code in REGIONS)
  if (unavailable)
    throw badRequest(
      'LocationNotAvailableForResourceType',
      `The provided location '${asked}' is not available for resource type '${kind.type}'. List of available regions for the resource type is '${kind.region === 'global' ? 'global' : Object.keys(REGIONS).join(',')}'.`,
    )
  if (before?.location && regionCode(before.location) !== code)
    throw conflict(
      'InvalidResourceLocation',
      `The resource '${nameOf(id)}' already exists in location '${regionCode(before.location)}' in resource group '${groupNameOf(id)}'. A resource with the same name cannot be created in location '${code}'. Please select a new resource name.`,
    )
  return kind.regionStyle === 'display' ? REGIONS[code] : code
}

function tagsOf(asked: unknown): Record<string, string> | undefined {
  if (asked === undefined || asked === null) return undefined
  const entries = Object.entries(asked)
  const bad = entries.find(
    ([name, value]) => !/^[^<>%&\\?/]{1,512}$/.test(name) || typeof value !== 'string' || value.length > 256,
  )
  if (bad) throw badRequest('InvalidTagNameCharacters', `The tag '${bad[0]}' has an invalid name or value.`)
  if (entries.length > 50) throw badRequest('InvalidTagCount', 'A resource can have at most 50 tags.')
  return Object.fromEntries(entries)
}

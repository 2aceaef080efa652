import type { Azure } from './azure.ts'
import { nameOf } from './ids.ts'
import type { ArmObject, Properties, Resource } from './kind.ts'
import { privateEndpointConnections } from './private-link.ts'
import { knownTo } from './versions.ts'

/** A resource as a GET returns it. */
export function show(resource: Resource, azure: Azure, query?: URLSearchParams): ArmObject {
  const kind = azure.kind(resource.type)
  const { properties: computed, ...besideComputed } = kind?.shown?.(resource, azure, query) ?? {}
  const inline = (kind?.inline ?? []).map(({ property, type }) => [
    property,
    azure.children(resource.id, type).map((child) => show(child, azure)),
  ])
  const whole: Properties = {
    ...(kind?.stateless ? {} : { provisioningState: resource.state }),
    ...resource.properties,
    ...resource.assigned,
    ...Object.fromEntries(inline),
    ...(kind?.privateLink ? { privateEndpointConnections: privateEndpointConnections(resource, azure) } : {}),
    ...computed,
  }
  const apiVersion = query?.get('api-version')
  return {
    name: nameOf(resource.id),
    id: resource.id,
    type: resource.type,
    ...(kind && kind.etag !== 'header' ? { etag: etagOf(resource, azure) } : {}),
    ...(resource.location ? { location: resource.location } : {}),
    ...(resource.tags ? { tags: resource.tags } : {}),
    ...resource.beside,
    ...besideComputed,
    properties: apiVersion && kind?.novelties ? knownTo(apiVersion, kind.novelties, whole) : whole,
  }
}

export function etagOf(resource: Resource, azure: Azure): string {
  const version = azure.draw.uuid('etag', resource.id, resource.createdAt, resource.revision)
  const style = azure.kind(resource.type)?.etag
  if (style === 'weak') return `W/"${version}"`
  return style === 'plain' ? version : `"${version}"`
}

export const visible = (resource: Resource | undefined, azure: Azure): resource is Resource =>
  resource !== undefined && resource.visibleAt <= azure.clock.now()

import type { Azure } from './azure.ts'
import { nameOf } from './ids.ts'
import type { Properties, Resource } from './kind.ts'

/** What a private endpoint's reference to its target is listed as. */
export const CONNECTION = 'privateEndpointConnections'

/** Children that Azure has under every target and the lab has not: the target lists its connections itself. */
export const CONNECTION_CHILDREN = ['privateEndpointConnections', 'privateLinkResources']

/** The endpoints in front of a target, as its GET lists them. Those of a namesake that is gone do not count. */
export const privateEndpointConnections = (target: Resource, azure: Azure): Properties[] =>
  azure
    .referrers(target.id)
    .filter(({ reference, resource }) => reference.as === CONNECTION && isJoined(resource, target))
    .map(({ resource: endpoint }) => {
      const name = `${nameOf(endpoint.id)}.${endpoint.assigned['resourceGuid']}`
      return {
        id: `${target.id}/privateEndpointConnections/${name}`,
        name,
        type: `${target.type}/privateEndpointConnections`,
        properties: {
          provisioningState: 'Succeeded',
          privateEndpoint: { id: endpoint.id },
          groupIds: endpoint.hidden?.['groupIds'],
          privateLinkServiceConnectionState: endpoint.hidden?.['connectionState'],
        },
      }
    })

/** A connection is made with one incarnation of its target and ends with it. */
export const isJoined = (endpoint: Resource, target: Resource | undefined): boolean =>
  target !== undefined && endpoint.hidden?.['joined'] === target.createdAt

import { tokenPath } from '../../gateway/api.ts'
import type { Probe } from '../probe.ts'
import { closedDoors } from './closed.ts'
import { behind, common, type Door, policyId, url } from './door.ts'
import { audiences, type Ground } from './ground.ts'
import { pools, shares } from './pools.ts'
import { roleId } from './roles.ts'
import { tokenId } from './tokens.ts'

/** The gateway: its promises to a caller, the doors that must be shut, its pools, and what it tells the log. */
export function gateway(on: Ground): Probe[] {
  const front = on.fronts.find(({ owner }) => owner.kind === 'api-management')
  if (!front || on.document.gateway.pools.length === 0) return []
  const door: Door = { host: front.host, within: front.within, apim: front.owner.key, apimId: front.owner.id }
  return [
    ...closedDoors(on, door),
    ...(on.hasProbePath
      ? [promises(on, door), ...pools(on, door), ...shares(on, door), ...arrivals(on, door)]
      : []),
  ]
}

function promises(on: Ground, door: Door): Probe {
  // What tries the promises is forwarded to the first pool, by calls that its members answer for nothing.
  const [pool] = on.document.gateway.pools
  const { members, backends, assignments } = pool
    ? behind(on, door, pool)
    : { members: [], backends: [], assignments: [] }
  return {
    ...common,
    id: policyId,
    title: 'the gateway keeps the promises of the policy that was deployed',
    module: 'policy',
    target: {
      url: url(door, `${tokenPath('probe', on.document.gateway.api.path)}/v1/models`),
      within: door.within,
      as: 'probe',
      audience: audiences.models,
      promises: [
        'turns away without a token',
        'says the region',
        'counts the retries',
        'knows its operations',
      ],
    },
    layer: 'gateway',
    expect: 'works',
    needs: [
      `page/${door.host}`,
      tokenId('probe', audiences.models),
      ...members.map(({ account }) => roleId('openai-user', account.name)),
    ],
    proves: [
      'api/probe',
      'api-policy/probe',
      ...on.ofKind('api-operation').filter((key) => key.startsWith('api-operation/probe/')),
    ],
    suspects: [
      'api-policy/probe',
      'api/probe',
      ...assignments,
      ...(pool ? [`pool/${pool.name}`] : []),
      ...backends,
      ...on.keys('security-group/nsg-apim', 'security-group/nsg-private-endpoints'),
      ...on.keys('subnet/snet-apim', 'subnet/snet-private-endpoints'),
      door.apim,
    ],
    limit: door.host,
  }
}

const arrivalMinutes = 15

function arrivals(on: Ground, door: Door): Probe[] {
  const { eventHub } = on.surroundings
  const [logger] = on.keys('logger/attempts')
  if (!eventHub || !logger) return []
  const sender = on.keys(
    `role-assignment/${door.apim.slice('api-management/'.length)}/event-hubs-data-sender/${eventHub.hub}`,
  )
  return [
    {
      ...common,
      id: `arrivals/${eventHub.hub}`,
      title: `the gateway's attempts arrive in the event hub within ${arrivalMinutes} minutes`,
      module: 'arrivals',
      target: { hubId: eventHub.id, apimId: door.apimId, minutes: arrivalMinutes },
      layer: 'gateway',
      expect: 'works',
      needs: [policyId],
      proves: [logger, ...sender],
      suspects: [
        logger,
        ...sender,
        ...on.keys('api-policy/models', 'api-policy/probe', 'security-group/nsg-apim'),
      ],
      limit: 'metrics',
    },
  ]
}

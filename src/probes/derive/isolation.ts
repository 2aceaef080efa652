import type { Probe, ProbeOf } from '../probe.ts'
import type { Front } from './fronts.ts'
import { controlPlane, type Ground } from './ground.ts'
import { tokenId } from './tokens.ts'

/**
 * What must not work. Inside there are two halves of it: the switches that keep the public out, read every round, and refusals that can be had from
 * here. The other half stands outside (`ops probe NAME --vantage internet`) and is no evidence by itself, because nobody asks it on time.
 */
export const isolation = (on: Ground): Probe[] => [
  ...on.resources.flatMap((resource) => shut(on, resource)),
  ...on.fronts.flatMap((front) => strangers(front)),
  ...on.fronts.map((front) => outside(on, front)),
]

/** The switches, by kind. A fact that must hold so that a way in does not. */
const switches: Record<string, string[]> = {
  account: [
    'properties.publicNetworkAccess',
    'properties.networkAcls.defaultAction',
    'properties.disableLocalAuth',
  ],
  storage: [
    'properties.publicNetworkAccess',
    'properties.networkAcls.defaultAction',
    'properties.allowBlobPublicAccess',
    'properties.allowSharedKeyAccess',
  ],
  search: ['properties.publicNetworkAccess', 'properties.disableLocalAuth'],
  cosmos: ['properties.publicNetworkAccess', 'properties.disableLocalAuth'],
  'key-vault': [
    'properties.publicNetworkAccess',
    'properties.networkAcls.defaultAction',
    'properties.enableRbacAuthorization',
  ],
  'api-management': ['properties.virtualNetworkType', 'properties.virtualNetworkConfiguration'],
}

function shut(on: Ground, { key, kind, existing }: Ground['resources'][number]): Probe[] {
  const paths = switches[kind]
  // Somebody else's is not described: nothing says what it should look like.
  if (!paths || existing) return []
  return [
    {
      id: `shut/${key}`,
      title: `${key} is shut to the internet, and to keys`,
      module: 'fact',
      target: { resource: key, paths },
      layer: 'control',
      expect: 'fails',
      vantage: 'inside',
      beat: 'network',
      needs: [tokenId('app', controlPlane(on.surroundings))],
      proves: [key],
      suspects: [key],
      journey: 'isolation',
      limit: 'control plane',
    },
  ]
}

/** Services at which no canary has a role: each must refuse whoever brings nothing. */
const strangersAt: Record<string, { path: string; statuses: number[] }> = {
  cosmos: { path: '/', statuses: [401] },
  'key-vault': { path: '/secrets?api-version=7.4', statuses: [401] },
}

function strangers({ host, owner, within }: Front): Probe[] {
  const ask = strangersAt[owner.kind]
  if (!ask) return []
  return [
    {
      id: `closed/${owner.key}`,
      title: `${owner.key} answers inside, and turns strangers away`,
      module: 'denied',
      target: { url: `https://${host}${ask.path}`, method: 'GET', within, statuses: ask.statuses },
      layer: 'role',
      expect: 'fails',
      vantage: 'inside',
      beat: 'models',
      needs: [`tls/${host}:443`],
      proves: [owner.key],
      suspects: [owner.key],
      journey: 'data',
      limit: host,
    },
  ]
}

const anywhere = ['0.0.0.0/0']
const outsidePath: Record<string, string> = {
  account: '/openai/v1/models',
  storage: '/?comp=list',
  search: '/indexes?api-version=2024-07-01',
  cosmos: '/',
  'key-vault': '/secrets?api-version=7.4',
}

/** The gateway has no name outside (azure-facts 2.2); the others have one, and say 403 to whoever comes by it. */
function outside({ document }: Ground, { host, owner }: Front): Probe {
  const path = outsidePath[owner.kind]
  const { apim, privateEndpoints } = document.network.subnets
  const shared: Omit<ProbeOf<'dns'>, 'title' | 'module' | 'target' | 'layer'> = {
    id: `internet/${host}`,
    expect: 'fails',
    vantage: 'internet',
    beat: 'network',
    needs: [],
    proves: [],
    suspects: [owner.key],
    journey: 'isolation',
    limit: host,
  }
  return path === undefined
    ? {
        ...shared,
        title: `${host} has no address on the internet`,
        module: 'dns',
        target: { host, within: [apim, privateEndpoints] },
        layer: 'dns',
      }
    : {
        ...shared,
        title: `${host} refuses whoever comes from the internet`,
        module: 'denied',
        target: { url: `https://${host}${path}`, method: 'GET', within: anywhere, statuses: [403] },
        layer: 'gateway',
      }
}

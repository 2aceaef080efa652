import type { Beat, Probe } from '../probe.ts'
import { controlPlane, type Ground } from './ground.ts'
import { tokenId } from './tokens.ts'

/**
 * What carries traffic is compared with its description between sweeps, so that a quiet edit is seen before it is felt. A fact says that
 * something is as described, never that it works. Every minute: what shuts people out or lets them in at a stroke (rules, subnets, links, endpoints;
 * the switches are `isolation`'s). The rest is felt by the probes of the network in the same minute, and is read to say why.
 */
const beatOf: Record<string, Beat> = {
  'security-group': 'network',
  subnet: 'network',
  'dns-zone': 'models',
  'dns-link': 'network',
  'dns-record': 'models',
  'dns-zone-group': 'models',
  'private-endpoint': 'network',
  'api-management': 'models',
  account: 'models',
  storage: 'models',
  search: 'models',
  cosmos: 'models',
  'key-vault': 'models',
  project: 'models',
  connection: 'models',
  'project-capability-host': 'models',
  'model-deployment': 'models',
  'role-assignment': 'models',
  'cosmos-role-assignment': 'models',
  backend: 'models',
  pool: 'models',
  api: 'models',
  'api-policy': 'models',
  product: 'models',
  'product-api': 'models',
  subscription: 'models',
  logger: 'models',
  'gateway-diagnostic': 'models',
  'diagnostic-setting': 'models',
  'metric-alert': 'models',
}

export const facts = (on: Ground): Probe[] =>
  on.resources.flatMap(({ key, kind, existing }): Probe[] => {
    const beat = beatOf[kind]
    if (!beat || existing) return []
    return [
      {
        id: `fact/${key}`,
        title: `${key} is as described`,
        module: 'fact',
        target: { resource: key },
        layer: 'control',
        expect: 'works',
        vantage: 'inside',
        beat,
        needs: [tokenId('app', controlPlane(on.surroundings))],
        proves: [key],
        suspects: [key],
        limit: 'control plane',
      },
    ]
  })

import type { Probe } from '../probe.ts'
import type { Front } from './fronts.ts'
import type { Ground } from './ground.ts'

/** Every front takes a connection and shows a certificate that is its own. */
export const endpoints = (on: Ground): Probe[] => [
  ...on.fronts.filter(listens).flatMap((front) => [connection(front), certificate(front)]),
  ...pages(on),
  ...otherPort(on),
]

/** The gateway's legacy portal and its repository keep their names after what answered there was retired. */
const listens = ({ host, owner }: Front): boolean =>
  owner.kind !== 'api-management' || !/^[^.]+\.(portal|scm)\./.test(host)

const daysLeft = 14

const common = { expect: 'works', vantage: 'inside', beat: 'network' } as const

const connection = ({ host, within, path, owner }: Front): Probe => ({
  ...common,
  id: `tcp/${host}:443`,
  title: `${host} takes a connection on port 443`,
  module: 'tcp',
  target: { host, port: 443, within },
  layer: 'tcp',
  needs: [`dns/${host}`],
  proves: path.filter((key) => key !== owner.key),
  suspects: path,
  limit: host,
})

const certificate = ({ host, within, owner }: Front): Probe => ({
  ...common,
  id: `tls/${host}:443`,
  title: `${host} shows a certificate of its own that is trusted for ${daysLeft} more days`,
  module: 'tls',
  target: { host, port: 443, within, daysLeft },
  layer: 'tls',
  needs: [`tcp/${host}:443`],
  proves: [owner.key],
  suspects: [owner.key],
  limit: host,
})

/** What each name of the gateway's service answers (azure-facts 2.2): that anything of the service does is the proof. */
const answersOf: Record<string, { path: string; statuses: number[]; what: string }> = {
  gateway: { path: '/status-0123456789abcdef', statuses: [200], what: 'the gateway says that it is up' },
  developer: { path: '/', statuses: [200, 302, 404], what: 'the developer portal answers inside' },
  management: { path: '/', statuses: [200, 401, 403, 404], what: 'the management endpoint answers inside' },
}

const pages = (on: Ground): Probe[] =>
  on.fronts
    .filter(({ owner }) => owner.kind === 'api-management')
    .flatMap(({ host, owner, within }): Probe[] => {
      const [, part = ''] = host.split('.')
      const name = host.endsWith(`${part}.${on.surroundings.gatewaySuffix}`) ? part : 'gateway'
      const answer = answersOf[name]
      if (!answer) return []
      return [
        {
          ...common,
          id: `page/${host}`,
          title: answer.what,
          module: 'page',
          target: { url: `https://${host}${answer.path}`, within, statuses: answer.statuses },
          layer: 'gateway',
          needs: [`tls/${host}:443`],
          proves: [owner.key],
          suspects: [owner.key, ...on.keys('security-group/nsg-apim')],
          ...(name === 'gateway' ? { journey: 'chat through the gateway' as const } : {}),
          limit: host,
        },
      ]
    })

/** The endpoints' subnet lets in HTTPS and nothing else. One of them speaks for all: the group is one. */
function otherPort(on: Ground): Probe[] {
  const group = on.keys('security-group/nsg-private-endpoints')
  const front = on.fronts.find(({ path }) => path.includes(group[0] ?? ''))
  if (!front) return []
  const { host, within } = front
  return [
    {
      id: `tcp/${host}:80`,
      title: `${host} takes no connection but on port 443`,
      module: 'tcp',
      target: { host, port: 80, within },
      layer: 'tcp',
      expect: 'fails',
      vantage: 'inside',
      // A lost packet is waited for: once in a while is enough.
      beat: 'models',
      needs: [`dns/${host}`],
      proves: group,
      suspects: group,
      journey: 'isolation',
      limit: host,
    },
  ]
}

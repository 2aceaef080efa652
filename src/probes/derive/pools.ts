import { stickyName } from '../../environment/pool-rules.ts'
import { tokenPath } from '../../gateway/api.ts'
import { backendId } from '../../gateway/backends.ts'
import type { ModelCall, Probe } from '../probe.ts'
import { question, responds, speaks } from './deployments.ts'
import { behind, common, type Door, policyId, poolId, url } from './door.ts'
import { audiences, type Ground } from './ground.ts'
import { costOf, directId } from './models.ts'

/**
 * Every pool, called through the API for the probe. Who of its members answers is the pool's choice: they are proven together, and told apart by
 * their backends' traffic and their own direct calls.
 */
export const pools = (on: Ground, door: Door): Probe[] =>
  on.document.gateway.pools.flatMap((pool): Probe[] => {
    const { members, backends, assignments } = behind(on, door, pool)
    const [first] = members
    if (!first) return []
    const base = url(door, `${tokenPath('probe', on.document.gateway.api.path)}/v1`)
    const call = (path: string, maxTokens: number): ModelCall => ({
      url: `${base}/${path}`,
      within: door.within,
      as: 'probe',
      audience: audiences.models,
      model: pool.deployment,
      maxTokens,
    })
    const sticky = on.keys(`pool/${stickyName(pool.name)}`)
    const shared = {
      ...common,
      layer: 'model' as const,
      expect: 'works' as const,
      needs: [
        policyId,
        ...members.filter(({ deployment }) => speaks(deployment) !== 'only batches').map(directId),
      ],
      proves: [`pool/${pool.name}`, ...backends, ...assignments],
      suspects: [
        `pool/${pool.name}`,
        ...backends,
        ...assignments,
        'api-policy/probe',
        ...on.keys('security-group/nsg-apim', 'security-group/nsg-private-endpoints'),
        ...on.keys('subnet/snet-apim', 'subnet/snet-private-endpoints'),
        ...members.map(({ key }) => key),
        ...members.map(({ accountKey }) => accountKey),
        door.apim,
      ],
      limit: door.host,
    }
    if (speaks(first.deployment) === 'embeddings')
      return [
        {
          ...shared,
          id: poolId(pool.name),
          title: `the pool ${pool.name} makes an embedding through the gateway`,
          module: 'embeddings',
          target: call('embeddings', question.shortest),
          cost: costOf(first.deployment.model, 0),
        },
      ]
    if (speaks(first.deployment) !== 'chat') return []
    return [
      {
        ...shared,
        id: poolId(pool.name),
        title: `the pool ${pool.name} answers a chat through the gateway, in a stream`,
        module: 'chat',
        target: { ...call('chat/completions', 4), stream: true },
        cost: costOf(first.deployment.model, 4),
      },
      ...(responds(first.deployment)
        ? [
            {
              ...shared,
              id: `responses/gateway/${pool.name}`,
              title: `the pool ${pool.name} answers the Responses API through the gateway`,
              module: 'responses' as const,
              target: call('responses', question.shortestResponse),
              beat: 'agents' as const,
              needs: [poolId(pool.name)],
              proves: sticky.length > 0 ? sticky : shared.proves,
              suspects: [...sticky, ...shared.suspects],
              cost: costOf(first.deployment.model, question.shortestResponse),
            },
          ]
        : []),
    ]
  })

/** Where traffic goes, against the weights in force; nobody is called for it. */
export const shares = (on: Ground, door: Door): Probe[] =>
  on.document.gateway.pools.flatMap((pool): Probe[] => {
    const { members, backends, assignments } = behind(on, door, pool)
    const [first] = members
    if (!first || members.length < 2) return []
    const isCalled = ['chat', 'embeddings'].includes(speaks(first.deployment))
    return [
      {
        ...common,
        id: `distribution/${pool.name}`,
        title: `the members of ${pool.name} get the shares their weights say`,
        module: 'distribution',
        target: {
          pool: `pool/${pool.name}`,
          members: members.map(({ account, deployment, accountId }) => ({
            backend: backendId(account.name, deployment.name),
            accountId,
            deployment: deployment.name,
          })),
        },
        layer: 'gateway',
        expect: 'works',
        needs: [poolId(pool.name)],
        // A pool that no probe calls may stand idle, and then this says nothing.
        proves: isCalled ? [`pool/${pool.name}`, ...backends] : [],
        suspects: [`pool/${pool.name}`, ...backends, ...assignments, ...members.map(({ key }) => key)],
        limit: 'metrics',
      },
    ]
  })

import { tokenPath } from '../../gateway/api.ts'
import type { Probe } from '../probe.ts'
import { common, type Door, url } from './door.ts'
import { audiences, type Ground } from './ground.ts'
import { tokenId } from './tokens.ts'

/** One call each that must be turned away at the door (azure-facts 6): by 401, before anything is forwarded. */
export function closedDoors(on: Ground, door: Door): Probe[] {
  const { path } = on.document.gateway.api
  const [pool] = on.document.gateway.pools
  const body = {
    model: pool?.deployment ?? '',
    messages: [{ role: 'user', content: 'Hello' }],
    max_tokens: 1,
  }
  const chat = `deployments/${pool?.deployment}/chat/completions?api-version=2024-10-21`
  const shut = (id: string, title: string, api: string, at: string, as?: 'probe' | 'nobody'): Probe => ({
    ...common,
    journey: 'isolation',
    id: `closed/${id}`,
    title,
    module: 'denied',
    target: {
      url: url(door, `${at}/${chat}`),
      method: 'POST',
      within: door.within,
      body,
      ...(as ? { as, audience: audiences.models } : {}),
      statuses: [401],
    },
    layer: 'gateway',
    expect: 'fails',
    needs: [`page/${door.host}`, ...(as ? [tokenId(as, audiences.models)] : [])],
    proves: on.keys(
      `api/${api}`,
      ...(as ? [`api-policy/${api}`, `api-operation/${api}/chat-completions-dated`] : []),
    ),
    suspects: on.keys(`api/${api}`, `api-policy/${api}`, door.apim),
    limit: door.host,
  })
  return [
    shut('models/no-key', 'without a key the gateway lets nobody in', 'models', path),
    ...(on.hasProbePath
      ? [
          shut(
            'probe/nobody',
            'the probe’s path is open to the probe alone',
            'probe',
            tokenPath('probe', path),
            'nobody',
          ),
        ]
      : []),
    ...(on.keys('api/agents').length > 0 && on.hasCanaries
      ? [
          shut(
            'agents/probe',
            'the agents’ path is open to projects alone',
            'agents',
            tokenPath('agents', path),
            'probe',
          ),
        ]
      : []),
  ]
}

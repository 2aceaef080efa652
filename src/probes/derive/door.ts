import type { Document } from '../../environment/schema.ts'
import { backendId } from '../../gateway/backends.ts'
import { membersOf } from './deployments.ts'
import type { Ground } from './ground.ts'

/** Where the gateway is called, and what stands behind it. */
export interface Door {
  host: string
  within: string[]
  apim: string
  apimId: string
}

export const url = ({ host }: Door, path: string) => `https://${host}/${path}`
/** What its probes have in common. */
export const common = { vantage: 'inside', beat: 'models', journey: 'chat through the gateway' } as const

export const policyId = 'policy/probe'

export const poolId = (pool: string): string => `model/gateway/${pool}`

/** What a call to a pool passes behind the gateway. */
export function behind(on: Ground, door: Door, pool: Document['gateway']['pools'][number]) {
  const members = membersOf(on, pool)
  const apim = door.apim.slice('api-management/'.length)
  const backends = on.keys(
    ...members.map(({ account, deployment }) => `backend/${backendId(account.name, deployment.name)}`),
  )
  const assignments = on.keys(
    ...members.map(({ account }) => `role-assignment/${apim}/openai-user/${account.name}`),
  )
  return { members, backends, assignments }
}

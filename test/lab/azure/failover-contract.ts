import type { DataCall } from '../../../lab/azure/data/call.ts'
import type { Switches } from '../../../lab/azure/gateway/gateway-world.ts'
import { backendBody } from '../../../src/gateway/backends.ts'
import { apiPolicy } from '../../../src/gateway/policies.ts'
import { poolBody } from '../../../src/gateway/pools.ts'
import type { full, simple } from '../../gateway/specs.ts'
import { letSend, openRuntime, putApi, putLogger, type Runtime } from './gateway-lab.ts'

export type Form = typeof simple | typeof full

export const KEYLESS: Partial<DataCall> = { headers: {} }

/** A gateway as the builder describes it: its policy over a pool of two of its backends, east first. One unit, so that a breaker is found again. */
export async function openContract(form: Form, switches: Partial<Switches> = {}, rule: object = {}) {
  const lab = await openRuntime({ switches: { units: 1, ...switches } })
  const putBackend = (id: string, subDomain: string) => {
    const { properties } = backendBody({ account: subDomain, deployment: 'gpt-4o', subDomain })
    const { circuitBreaker } = properties as { circuitBreaker: { rules: object[] } }
    const rules = circuitBreaker.rules.map((it) => ({ ...it, ...rule }))
    lab.put(`backends/${id}`, { ...(properties as object), circuitBreaker: { rules } })
  }
  const putPool = (...ids: string[]) => {
    const members = ids.map((backend) => ({ backend, priority: 1, weight: 100 }))
    const { properties } = poolBody({ description: '', members, sticky: false }, (id) => `/backends/${id}`)
    lab.put(`backends/${form.pool}`, properties as object)
  }
  putBackend('east', 'east')
  putBackend('west', 'west')
  putPool('east', 'west')
  putLogger(lab)
  letSend(lab)
  putApi(lab, '')
  lab.put('apis/openai/policies/policy', { value: apiPolicy(form), format: 'xml' })
  return {
    ...lab,
    /** Another backend id for the same account: a member without a past. */
    replaceEast: () => {
      putBackend('east-2', 'east')
      putPool('east-2', 'west')
    },
  }
}

/** The statuses of the attempts that the hub was told of, 0 for no response. */
export const told = (lab: Pick<Runtime, 'events'>): number[] => lab.events().map(({ status }) => status)

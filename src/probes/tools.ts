import type { Arm, Asked } from '../azure/arm.ts'
import { observeAll } from '../operations/observe-all.ts'
import type { Observation } from '../reconcile/observation.ts'
import { referred } from '../reconcile/resolve.ts'
import type { Resource } from '../resources/kind.ts'
import { kindOf } from '../resources/kinds.ts'
import { aliasesOf, type Halt, lookUp } from './addresses.ts'
import { type Connected, connect, type Destination } from './connect.ts'
import { type Asking, type Exchanged, exchange } from './exchange.ts'
import type { Identity, Layer } from './probe.ts'
import { type Credentials, openTokens, type Token } from './tokens.ts'

/** All that probes have of the world. Nothing in it retries, follows or remembers. */
export interface Tools {
  /** The calendar's time. What a phase takes is measured where it passes. */
  nowMs(): number
  /** In [0, 1). */
  random(): number
  /** Never logged, never in a trace. */
  token(as: Identity, audience: string, signal: AbortSignal): Promise<Token>
  lookUp(host: string, signal: AbortSignal): Promise<string[] | Halt>
  aliasesOf(host: string, signal: AbortSignal): Promise<string[] | Halt>
  connect(to: Destination, secure: boolean, signal: AbortSignal): Promise<Connected>
  exchange(asking: Asking, layer: Layer, signal: AbortSignal): Promise<Exchanged>
  /** GET of a path of Resource Manager with its api-version. */
  arm(path: string): Promise<Asked>
  /** A resource of the environment against its description; undefined: the environment has no resource of this key. */
  observe(resource: string): Promise<Observation | undefined>
  /** Members of a pool as they are now, by backend name; undefined where it cannot be read. */
  members(pool: string): Promise<Map<string, Member> | undefined>
}

/** `weight` and `priority` a lower priority goes first; members without a weight share equally (azure-facts 4.4). */
export interface Member {
  weight: number
  priority: number
}

export interface Installation {
  arm: Arm
  credentials: Credentials
  /** Of the one environment that is probed, expanded. */
  resources: Resource[]
  nowMs?: () => number
  random?: () => number
}

export function openTools({
  arm,
  credentials,
  resources,
  nowMs = Date.now,
  random = Math.random,
}: Installation): Tools {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]))
  return {
    nowMs,
    random,
    token: openTokens(credentials),
    lookUp,
    aliasesOf,
    connect,
    exchange,
    arm: (path) => arm.get(path),
    observe: openObserving(arm, resources),
    async members(key) {
      const resource = byKey.get(key)
      const read = resource && (await arm.read(kindOf(resource), resource.id))
      return read?.is === 'found' ? membersIn(read.body) : undefined
    },
  }
}

/** @param resources of the environment, expanded */
export const openObserving =
  (arm: Arm, resources: Resource[]): Tools['observe'] =>
  async (key) => {
    const wanted = withReferred(resources, [key])
    return wanted.length === 0 ? undefined : (await observeAll(arm, wanted, new Map())).get(key)
  }

/** These, and what their descriptions take from others, which has to be read with them. */
export function withReferred(resources: Resource[], keys: string[]): Resource[] {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]))
  const found = keys.flatMap((key) => byKey.get(key) ?? [])
  const others = found.flatMap(({ body }) => referred(body)).flatMap((key) => byKey.get(key) ?? [])
  return [...new Set([...others, ...found])]
}

function membersIn(body: object): Map<string, Member> {
  const { properties } = body as { properties?: { pool?: { services?: Listed[] } } }
  return new Map(
    (properties?.pool?.services ?? []).map(({ id, weight, priority }) => [
      id.slice(id.lastIndexOf('/') + 1),
      { weight: weight ?? 1, priority: priority ?? 1 },
    ]),
  )
}

type Listed = { id: string; weight?: number | null; priority?: number | null }

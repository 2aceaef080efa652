import type { z } from 'zod'
import type { Azure } from './azure.ts'
import type { Call } from './call.ts'
import type { Fault, Refusal } from './errors.ts'

export type Properties = Record<string, unknown>

/** A resource as the simulated Azure keeps it. What a GET shows is composed in show.ts. */
export type Resource<P = Properties> = {
  readonly id: string
  readonly type: string
  readonly location?: string
  readonly tags?: Record<string, string>
  /** What stood beside `properties` in the body: sku, identity, zones and names nobody knows. */
  readonly beside: Properties
  /** What callers wrote, with the service's defaults. */
  readonly properties: P
  /** What the service assigned: addresses, urls, guids. Callers cannot write it. */
  readonly assigned: Properties
  /** What the service remembers and never shows. */
  readonly hidden?: Properties
  readonly state: string
  readonly revision: number
  readonly createdAt: number
  /** Until then reads answer 404, as ARM's caches do after a create. */
  readonly visibleAt: number
  /** When a create or update of it last succeeded. */
  readonly settledAt: number | null
}

export type ArmObject = {
  id: string
  name: string
  type: string
  location?: string
  tags?: Record<string, string>
  etag?: string
  properties: Properties
  [beside: string]: unknown
}

export type Reference = {
  /** The id of the resource pointed at. */
  to: string
  /** What the pointed-at resource lists its referrers under: `ipConfigurations`, `subnets`. */
  as: string
  /** The id it lists, when that is not the referrer's own. */
  by?: string
}

export type Verb = 'create' | 'update' | 'delete'

/** How a provider speaks of work that goes on after the answer. */
export type Asynchrony = {
  /** A create answers 201 with the resource, or 202 with nothing. */
  create: 201 | 202
  headers: ('Azure-AsyncOperation' | 'Location')[]
  retryAfterSeconds: number
  /** Paths of the operation's status and result, without the operation's id. */
  status(resource: Resource): string
  result(resource: Resource): string
}

/** One resource type: data and small functions. The engine (put, patch, remove, read, operations) does the rest once. */
export type Kind<P = Properties> = {
  type: string
  name: { pattern: RegExp; least?: number; most: number }
  /** The oldest api-version that knows the type. */
  since: string
  methods: ('PUT' | 'PATCH' | 'DELETE')[]
  /** Where `location` comes from: the body, always `global`, or (children) nowhere. */
  region: 'own' | 'global' | 'none'
  /** APIM writes `East US` where networks write `eastus`. */
  regionStyle?: 'display'
  /** Reads `properties` of a body and fills in the service's defaults; unknown names pass. */
  shape: z.ZodType<P>
  /** Names under `properties` that callers may send (a GET put back) and that are ignored. */
  readOnly: string[]
  /** The code of a body that does not fit the shape; default: `InvalidRequestFormat`. */
  malformed?: string
  /** `weak` and `plain` are shown in the body too. */
  etag: 'weak' | 'plain' | 'header'
  asynchrony: Asynchrony
  /** Resource ids whose running operations this write may not overlap; default: itself. */
  locks?(id: string): string[]
  /** How a write is refused while one of its locks is taken; chosen by the draw. */
  busy: { share: number; refuse(id: string): Refusal }[]
  /** Children that also stand in the parent's body. `omitted`: what a PUT without the list does to them. */
  inline?: { property: string; type: string; omitted: 'keep' | 'remove' }[]
  /** Checks against the world, in which the draft already stands in place of what was there. */
  check?(draft: Resource<P>, before: Resource<P> | undefined, azure: Azure): void
  references?(resource: Resource<P>, now: number): Reference[]
  /** Why it cannot be deleted now. `referrers` are shown ids of what points at it. */
  blocked?(resource: Resource<P>, azure: Azure): Refusal | undefined
  /** A draft may be a wish to bring back something that was deleted. */
  revived?(draft: Resource<P>, before: Resource<P> | undefined, azure: Azure): Resource<P>
  /** What the service assigns at birth. */
  born?(draft: Resource<P>, azure: Azure): Properties
  /** The end of a create or update: what gets assigned, or why it failed after all. */
  settled?(resource: Resource<P>, verb: Verb, azure: Azure): Properties | { failed: Fault }
  /** Computed parts of a GET, laid over the stored ones. */
  shown?(resource: Resource<P>, azure: Azure): { properties?: Properties; [beside: string]: unknown }
  /** After a PATCH of `properties`, by default a merge of its top level. */
  patched?: 'merge' | 'tags'
  /** Its delete first deletes what is inside, as far as that goes. */
  container?: true
  /** When it is gone. */
  gone?(resource: Resource<P>, azure: Azure): void
  /** Types without a provisioningState in their properties. */
  stateless?: true
}

export type Provider = {
  namespace: string
  kinds: Kind[]
  /** What is not a resource: checks, lists across, registration. */
  actions?: Action[]
  /** Types that exist in Azure and not (yet) here, for an honest answer. */
  later?: string[]
}

/** `{}` stands for a free segment, handed over in `params`: `/subscriptions/{}/locations`. */
export type Action = { method: string; path: string; run(call: ActionCall, azure: Azure): Answer }

export type ActionCall = Call & { params: string[] }

export type Answer = { status: number; headers?: Record<string, string>; body?: unknown }

/** The registry keeps kinds of every shape; `shape` is what makes the inside safe. */
export const defineKind = <P extends object>(kind: Kind<P>): Kind => kind as unknown as Kind

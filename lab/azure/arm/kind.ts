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

/** A property that api-versions before `since` neither hear nor show. `[]` stands for every entry of a list. */
export type Novelty = { path: string; since: string }

/** What is asked to go: `root`, and with it all that is under it. */
export type Removal = { root: Resource; query?: URLSearchParams }

/** A name that a private endpoint gives an address of its own, and the zone that answers for it inside a network. */
export type PrivateName = { member: string; fqdn: string; zone: string }

/** What lets a type be the target of private endpoints. */
export type PrivateLink<P = Properties> = {
  /** By group id, in Azure's case: azure-facts 2.1. */
  groups(target: Resource<P>): Record<string, PrivateName[]>
  /** Why it cannot be joined just now; default: when it is not Succeeded. */
  unready?(target: Resource<P>, azure: Azure): Refusal | undefined
}

/** How a provider speaks of work that goes on after the answer. */
export type Asynchrony = {
  /** A create answers 201 (some: 200) with the resource, or 202 with nothing. */
  create: 200 | 201 | 202
  headers: ('Azure-AsyncOperation' | 'Location')[]
  retryAfterSeconds: number
  /** What the status of running work may complain of, now and then, and then go on. */
  murmur?: { chance: number; fault: Fault }
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
  novelties?: Novelty[]
  /** The code of a body that does not fit the shape, default `InvalidRequestFormat`; or the whole refusal. */
  malformed?: string | ((faults: Fault[]) => Refusal)
  /** `weak` and `plain` are shown in the body too. */
  etag: 'weak' | 'plain' | 'header'
  /** PATCH and DELETE are refused without If-Match. */
  matchRequired?: true
  asynchrony: Asynchrony
  /** Resource ids whose running operations this write may not overlap; default: itself. */
  locks?(id: string): string[]
  /** How a write is refused while one of its locks is taken; chosen by the draw. */
  busy: { share: number; refuse(id: string): Refusal }[]
  /** Children that also stand in the parent's body. `omitted`: what a PUT without the list does to them. */
  inline?: { property: string; type: string; omitted: 'keep' | 'remove' }[]
  /** Checks against the world, in which the draft already stands in place of what was there. */
  check?(draft: Resource<P>, before: Resource<P> | undefined, azure: Azure): void
  references?(resource: Resource<P>, now: number, azure: Azure): Reference[]
  /** Why it cannot be deleted now, alone or as a part of what is to go. */
  blocked?(resource: Resource<P>, azure: Azure, removal: Removal): Refusal | undefined
  /** A draft may be a wish to bring back something that was deleted. */
  revived?(draft: Resource<P>, before: Resource<P> | undefined, azure: Azure): Resource<P>
  /** What the service assigns at birth. */
  born?(draft: Resource<P>, azure: Azure): Properties
  /** The end of a create or update: what gets assigned, or why it failed after all. */
  settled?(resource: Resource<P>, verb: Verb, azure: Azure): Properties | { failed: Fault }
  /** Computed parts of a GET, laid over the stored ones; undefined hides. `query` is there when somebody asks. */
  shown?(
    resource: Resource<P>,
    azure: Azure,
    query?: URLSearchParams,
  ): { properties?: Properties; [beside: string]: unknown }
  /** After a PATCH of `properties`, by default a merge of its top level. */
  patched?: 'merge' | 'tags'
  /** Its delete first deletes what is inside, as far as that goes. */
  container?: true
  /** When it is gone. */
  gone?(resource: Resource<P>, azure: Azure): void
  /** Private endpoints may point at it; a GET then lists their `privateEndpointConnections`. */
  privateLink?: PrivateLink<P>
  /** What a list under an id shows, where that is more or less than what lies below it. */
  listed?(under: string, query: URLSearchParams, azure: Azure): Resource[]
  /** The deletion of its group does not reach it: it goes when asked for, or with its parent. */
  deletedByNameOnly?: true
  /** Types without a provisioningState in their properties. */
  stateless?: true
  /** It lives on any resource: `{scope}/providers/{type}/{name}`. */
  extension?: true
  /** A child that its parent does not show: its writes leave the parent's etag alone. */
  apart?: true
  /** The mere fact that two things belong together: PUT without a body, HEAD answers 204. */
  link?: true
  /** How its absence is told, where the provider has words of its own. */
  missing?(id: string): Refusal
}

export type Provider = {
  namespace: string
  kinds: Kind[]
  /** What is not a resource: checks, lists across, registration. */
  actions?: Action[]
  /** What falls due by itself, by the name it has in the agenda. */
  due?: Record<string, (subject: string, azure: Azure) => void>
  /** Types that exist in Azure and not (yet) here, for an honest answer. */
  later?: string[]
}

/** `{}` stands for a free segment, a leading `{scope}` for any scope, both handed over in `params`: `/subscriptions/{}/locations`. */
export type Action = { method: string; path: string; run(call: ActionCall, azure: Azure): Answer }

export type ActionCall = Call & { params: string[] }

export type Answer = { status: number; headers?: Record<string, string>; body?: unknown }

/** The registry keeps kinds of every shape; `shape` is what makes the inside safe. */
export const defineKind = <P extends object>(kind: Kind<P>): Kind => kind as unknown as Kind

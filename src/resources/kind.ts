/**
 * What a resource is and how its kind behaves. A kind is one file in this folder and one entry in `kinds.ts`; everything else
 * (observing, comparing, merging, ordering, waiting) is done once, for all kinds, from what its definition says. Nothing in a
 * kind's file does I/O.
 */

export type Json = string | number | boolean | null | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json
}

/** A value known only once another resource exists: read from that resource's live body when it is ready. */
export interface Ref {
  $ref: string
  at: (string | number)[]
  /** The other may lack it; then this one must lack it too. */
  optional?: true
}

/** A body as described: ARM's own shape, with references to what Azure has yet to say. Null: absent or empty. */
export type Wanted = string | number | boolean | null | Ref | Wanted[] | { [key: string]: Wanted }
export type WantedObject = { [key: string]: Wanted }

/** How much a change of a live resource may hurt: safe ones run, others need a person. */
export type Risk = 'safe' | 'disruptive' | 'destructive'

export interface Kind {
  /** Which SDK client's pipeline carries its calls. */
  client: 'network' | 'privateDns' | 'apiManagement'
  apiVersion: string
  /** Arrays whose items have an identity: path of the array → path of the identity within an item. Others' items are kept. */
  lists: Record<string, string>
  /** Fields whose change on a live resource is not safe, by path; everything below a path counts. */
  risks: Record<string, Exclude<Risk, 'safe'>>
  /** Parts of a live body that must not travel back in a PUT. */
  neverSent: string[]
  /** Fields with several spellings of one thing: path → the one to compare. One that throws cannot read it: it counts as it stands. */
  canonical?: Record<string, (value: string) => string>
  /**
   * Fields with a second owner, or worked out from what others say: path → what is wanted, given the description and what is there. The answer
   * must be the same once it is there.
   */
  derived?: Record<string, Derive>
  /** Where Azure says how far it is, and at which words (lower case) it has come to rest; else `properties.provisioningState` and `succeeded`. */
  status?: { at: string; rests: string[] }
  /** Its API honours If-Match (and If-None-Match, unless `updates`) on PUT; others are read again right before the write. */
  conditional: boolean | 'updates'
  /**
   * It reads at its birth what others have only just been given: seconds between the last write of a resource it depends on and its own, by
   * the kind of the other. Roles take up to ten minutes to be felt (azure-facts 8.3).
   */
  restsAfter?: { kind: string; seconds: number }
  /** Kind of what it is in or leads to, and what must be at rest when it is written: that one drops back from ready after each write in it (azure-facts 7.1). */
  writtenAtRestOf?: string
  /** Azure has no list of what stands beside one of its resources. */
  unlistable?: true
  /** Names (lower case) under which Azure makes one by itself: that it is there says nothing of who wants it so. */
  madeByAzure?: (name: string) => boolean
  /** Its resources go by `POST …/purge` and not by DELETE. */
  removedBy?: 'purge'
  timing: {
    /** What a person should expect of a creation. */
    usualMinutes: number
    /** How often to look while Azure is working on it. */
    pollSeconds: number
    /** Missing for so long after an accepted PUT is Azure's eventual consistency, not absence. */
    graceSeconds: number
    /** Working for longer than this is reported as stuck. */
    patienceMinutes: number
  }
}

export type Derive = (described: Json, live: Json | undefined) => Json

/** One managed Azure object of an environment. */
export interface Resource {
  /** `kind/name`, unique in the environment; what conditions and steps speak of. */
  key: string
  kind: string
  /** ARM resource id. */
  id: string
  /** Somebody else owns it: observed, never written. */
  existing: boolean
  dependsOn: string[]
  body: WantedObject
}

export const isRef = (value: unknown): value is Ref =>
  typeof value === 'object' && value !== null && '$ref' in value && 'at' in value

export const ref = (resource: Resource, ...at: (string | number)[]): Ref => ({ $ref: resource.key, at })

/** Network objects settle within seconds; Azure answers a moment later than it acts. */
export const quick: Kind['timing'] = {
  usualMinutes: 0.2,
  pollSeconds: 5,
  graceSeconds: 60,
  patienceMinutes: 30,
}

/** The timing of a kind whose objects are there as soon as Azure has answered. */
export const instant: Kind['timing'] = {
  usualMinutes: 0,
  pollSeconds: 2,
  graceSeconds: 60,
  patienceMinutes: 10,
}

/** For kinds whose SDK the app does without: one endpoint and one audience serve all of Resource Manager. */
export const anyClient = 'network' satisfies Kind['client']

/** Azure gives many a word back in another case. */
export const anyCase = (value: string): string => value.toLowerCase()

/** `East US` and `eastus` are one place. */
export const shortLocation = (location: string): string => location.replaceAll(' ', '').toLowerCase()

/** Somebody else's: observed, never written, and not judged by what ours would look like. */
export const asExisting = (resource: Resource): Resource => ({ ...resource, existing: true, body: {} })

/** The part of its key after the kind: what people call it. */
export const nameOf = (resource: Resource): string => resource.key.slice(resource.kind.length + 1)

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

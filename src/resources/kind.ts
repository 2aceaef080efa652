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
  /** Its API honours If-Match and If-None-Match on PUT; others are read again right before the write. */
  conditional: boolean
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

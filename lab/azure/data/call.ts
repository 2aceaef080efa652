/**
 * The data planes' common tongue: how a call reaches the front of a service, and what comes back. The network decides whether it gets
 * there and by which way (`Arrival`); the service named by its host answers. Nothing here waits on the wall: how long Azure would have taken is said in
 * `tookMs`, on the virtual clock, and whoever cares (a time-out, a metric) reads it there.
 */

/** Where a caller stands: in a subnet of the lab's Azure (its ARM id), or on the public internet. */
export type Vantage = { subnetId: string } | 'internet'

/** By which door a call came in. */
export type Arrival =
  | { by: 'internet' }
  /** Through a private endpoint; `endpointId` and `targetId` are ARM ids. */
  | { by: 'private-endpoint'; endpointId: string; targetId: string }
  /** At the private address of a service that stands in the network itself: API Management in internal mode. */
  | { by: 'virtual-network'; serviceId: string }

export type DataCall = {
  /** Upper case. */
  method: string
  /** Lower case, without a port. */
  host: string
  /** Path and query as asked, undecoded. */
  path: string
  /** Names in lower case. */
  headers: Record<string, string>
  /** Read whole; empty when there is none. */
  body: string
  /** Aborted when the caller goes away. */
  gone: AbortSignal
  /** false: no row in the journal. For generated traffic, of which there are hundreds of thousands of calls. */
  journalled?: boolean
}

export type DataAnswer = {
  status: number
  headers: Record<string, string>
  /** Chunks of a streamed body are sent as they come; `Broken` thrown by one ends the connection in the middle of the body. */
  body: string | AsyncIterable<string>
  /** Virtual milliseconds until the head of the answer. */
  tookMs: number
}

/** The connection died: before the head of an answer, or in the middle of a body. */
export class Broken extends Error {}

/** Why a call did not get an answer, in the words of the operating system. */
export type Unreached = {
  unreached: 'ENOTFOUND' | 'ECONNREFUSED' | 'ETIMEDOUT' | 'ECONNRESET' | 'CERT'
  /** For people: which name, rule or route it was. */
  because: string
}

/** A service's front: what answers for the hosts it owns. */
export type Service = (call: DataCall, arrival: Arrival) => Promise<DataAnswer>

/** From a vantage to whichever service a call's host names: names, routes, rules and the service itself. Never throws but for `Broken` in a body. */
export type Send = (call: DataCall, from: Vantage) => Promise<DataAnswer | Unreached>

export const isUnreached = <T extends object>(result: T | Unreached): result is Unreached =>
  'unreached' in result

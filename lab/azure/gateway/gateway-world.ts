import type { Azure } from '../arm/azure.ts'
import type { Send, Vantage } from '../data/call.ts'
import type { Tokens } from '../tokens.ts'
import type { PolicyDocument } from './document.ts'
import type { IdentityToken } from './identity.ts'

/** What is not known of Azure, or differs from service to service, to be tried both ways. */
export type Switches = {
  /** How many units a service has; more if its sku's capacity says so. Developer has one on Azure. */
  units: number
  /** Whether the PUT of a pool closes its members' breakers, and that of a backend its own. */
  poolPutResetsBreakers: boolean
  /** A forward-request without a response: ends the section with an error that `retry` sees, or lets the next element run. */
  failedForward: 'raises' | 'continues'
  /** A pool, or a backend alone, whose breakers are all open: a 503 as if a backend had given it, or an error. */
  exhaustedPool: 'answers' | 'raises'
}

export const usualSwitches: Switches = {
  units: 2,
  poolPutResetsBreakers: false,
  failedForward: 'raises',
  exhaustedPool: 'answers',
}

/** What all services' gateways stand on. */
export type GatewayWorld = {
  azure: Azure
  tokens: Tokens
  send: Send
  /** Whether a host has a way to it from there: of what is asked behind the scenes. */
  reaches(host: string, from: Vantage): boolean
  switches: Switches
  /** Compiled, by their text with named values in it. */
  documents: Map<string, PolicyDocument>
  /** By principal and resource. */
  identityTokens: Map<string, IdentityToken>
  /** By hub: events that nobody may have, for want of a logger, a hub or a role. */
  droppedEvents: Map<string, number>
}

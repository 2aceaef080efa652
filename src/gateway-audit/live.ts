import type { JsonObject } from '../resources/kind.ts'
import type { Figures } from './figures.ts'

/** A gateway as Azure shows it: what the audit judges. Bodies are ARM's own; what was not read is absent, and nothing is concluded from that. */
export interface LiveGateway {
  service?: JsonObject
  policies: LivePolicy[]
  /** Of both types, pools and single ones. */
  backends: JsonObject[]
  /** Accounts with all their deployments; one whose deployments could not be read is left out. */
  accounts: LiveAccount[]
  /** By id; absent where they were not read. */
  fragments?: ReadonlyMap<string, string>
  /** Names of the pools whose weights are moved by measurement: how they stand is then not for an audit to judge. */
  balanced?: string[]
  figures?: Figures
}

export interface LivePolicy {
  /** The API's, or `api/operation`. */
  name: string
  /** Where the API answers; what follows it in a call's path goes to the backend. */
  apiPath: string
  /** In either format. */
  xml: string
  /** Policies of the wider scopes, nearest first, which `<base />` stands for; absent where they were not read. */
  wider?: string[]
}

export interface LiveAccount {
  account: JsonObject
  deployments: JsonObject[]
}

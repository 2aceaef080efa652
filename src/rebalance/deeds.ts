import type { GatewayLogs } from '../azure/gateway-logs.ts'
import type { Metrics } from '../azure/metrics.ts'
import type { World } from '../operations/deeds.ts'

/** What the rebalancer's deeds need of the world. */
export interface BalanceWorld extends World {
  metrics: Metrics
  /** Absent in an installation without a workspace. */
  logs?: GatewayLogs | undefined
  /** The kill switch (setting OPS_AUTO_BALANCE): off, and auto is shadow. */
  autoBalance: boolean
}

/** Which pool an episode watches. */
export interface Watched {
  environment: string
  pool: string
}

/** What a turn tells its plot or its sweep: what to do, never bodies. */
export interface Turn {
  /** Id of the decision to be written now. */
  write?: string
  /** A minute with more 429s than a stray one was seen. */
  busy: boolean
  /** Nothing is left to watch every minute. */
  over: boolean
}

export interface Order extends Watched {
  decision: string
}

/** What became of a decision that was to be written. */
export type Ending =
  | { is: 'written' | 'lost' | 'refused' | 'not written' }
  /** Azure did not say: the next turn reads the pool and knows. */
  | { is: 'unheard' }
  /** Another turn has closed it. */
  | { is: 'closed' }

/** The episodes' side of Durable Functions; the doors bring the real one. */
export interface Episodes {
  status(id: string): Promise<'absent' | 'alive' | 'ended'>
  /** Starts `rebalance` under this id; one that is alive already is left alone. */
  start(id: string, watched: Watched): Promise<void>
}

import type { Breaker } from './breaker.ts'
import type { Configuration } from './configuration.ts'
import type { Window } from './window.ts'

/**
 * A gateway unit of a service. All it remembers is its own and lives in memory: breakers, turns in pools, rates. Units do not speak
 * with each other (azure-facts 4.3, 4.4).
 */
export type Unit = {
  readonly number: number
  /** What it has learned of the service's configuration. */
  known: Configuration
  /** What it will have learned by then. */
  learning: { at: number; configuration: Configuration }[]
  /** By the key of a backend. */
  readonly breakers: Map<string, Breaker>
  /** Of smooth weighted round robin: by the key of a pool, by the key of a member. */
  readonly turns: Map<string, Map<string, number>>
  /** Of rate and token limits, by what is counted and for whom. */
  readonly windows: Map<string, Window>
}

export const newUnit = (number: number, known: Configuration): Unit => ({
  number,
  known,
  learning: [],
  breakers: new Map(),
  turns: new Map(),
  windows: new Map(),
})

import type { Arm } from '../azure/arm.ts'
import type { Surroundings } from '../environment/expand.ts'
import type { End } from '../reconcile/decide.ts'
import type { Store } from '../store/store.ts'

/** What an operation's orchestration hands from turn to turn. */
export interface Run {
  operation: string
  /** Of the lease the operation was begun with. */
  generation: number
}

/** What a look tells the plot: orders and a time, never bodies. */
export interface Looked {
  /** Keys of the resources to write now, in order. */
  act: string[]
  waitSeconds: number
  /** Set once there is nothing left to do. */
  end?: End | 'failed'
}

export interface Orders extends Run {
  act: string[]
}

/** How many writes ended how. */
export interface Acted {
  done: number
  accepted: number
  later: number
  refused: number
}

/** What the deeds need of the world. */
export interface World {
  store: Store
  arm: Arm
  surroundings: Surroundings
  /** One line for people, on the operation's log. */
  log(line: string): void
}

// For tests: a keeper of the clock that grants every jump up to a horizon, and says when the host has nothing left to do before it.
import type { ClockKeeper, Statement } from '../../../lab/host/clock/question.ts'
import { clockOffsetMs } from '../../../lab/host/clock/shift.ts'

export interface GenerousClock extends ClockKeeper {
  statements: Statement[]
  /** Resolves when the host is idle at that moment. */
  advance(ms: number): Promise<void>
}

export function generousClock(): GenerousClock {
  const statements: Statement[] = []
  let horizon = Date.now()
  let arrived: (() => void) | undefined

  return {
    statements,
    close() {},
    async tell(statement) {
      statements.push(statement)
      const offsetMs = clockOffsetMs()
      if (!('until' in statement)) return { offsetMs, askAgainMs: 20 }
      const { until } = statement
      const gap = Math.min(until ?? Number.POSITIVE_INFINITY, horizon) - Date.now()
      if (Date.now() >= horizon && (until === null || until > horizon)) arrived?.()
      return { offsetMs: offsetMs + Math.max(gap, 0), askAgainMs: 5 }
    },
    advance(ms) {
      horizon = Date.now() + ms
      return new Promise((resolve) => {
        arrived = resolve
      })
    },
  }
}

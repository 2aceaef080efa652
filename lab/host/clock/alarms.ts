// Moments of the virtual clock that somebody waits for: timer occurrences, retry pauses. Real setTimeout does the waiting and is armed
// anew whenever the clock has jumped, so nothing here counts as running while it waits.
import type { Agenda, Gate } from './agenda.ts'

/** setTimeout fires at once for more than this. */
const longestTimeoutMs = 2 ** 31 - 1

export interface Alarms extends Agenda {
  /** Calls `ring` once at that moment or, while the gate is closed, when it opens. Returns how to call it off. */
  at(dueMs: number, ring: () => void): () => void
  /** True at that moment; false, and at once, when the alarms are closed before. */
  until(dueMs: number): Promise<boolean>
  close(): void
}

interface Alarm {
  dueMs: number
  ring: () => void
}

export function openAlarms(gate: Gate, onChange: () => void = () => {}): Alarms {
  const pending = new Set<Alarm>()
  const closing = Promise.withResolvers<false>()
  let timeout: NodeJS.Timeout | undefined
  let closed = false

  const nextDueMs = () => {
    let next: number | null = null
    for (const { dueMs } of pending) if (next === null || dueMs < next) next = dueMs
    return next
  }

  function arm() {
    clearTimeout(timeout)
    const next = nextDueMs()
    if (closed || next === null) return
    timeout = setTimeout(wake, Math.min(Math.max(next - Date.now(), 0), longestTimeoutMs))
  }

  function wake() {
    // A closed gate opens with another wake().
    if (closed || !gate.open()) return
    const now = Date.now()
    const due = [...pending].filter(({ dueMs }) => dueMs <= now).sort((a, b) => a.dueMs - b.dueMs)
    for (const alarm of due) if (pending.delete(alarm)) alarm.ring()
    arm()
    if (due.length > 0) onChange()
  }

  function at(dueMs: number, ring: () => void) {
    const alarm = { dueMs, ring }
    pending.add(alarm)
    arm()
    onChange()
    return () => {
      if (pending.delete(alarm)) onChange()
    }
  }

  return {
    at,
    until: (dueMs) => {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      if (closed) resolve(false)
      else at(dueMs, () => resolve(true))
      return Promise.race([promise, closing.promise])
    },
    nextDueMs,
    busy: () => false,
    wake,
    close() {
      closed = true
      clearTimeout(timeout)
      pending.clear()
      closing.resolve(false)
    },
  }
}

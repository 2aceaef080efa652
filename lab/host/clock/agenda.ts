/** A part of the host that has work of its own due at known moments: timer triggers, Durable. */
export interface Agenda {
  /** Virtual Unix milliseconds of the next thing to do; now or earlier means it is due already; null means nothing. */
  nextDueMs(): number | null
  /** Something of it is running now. */
  busy(): boolean
  /** The clock moved or the gate opened: look at what is due and begin it. Cheap, and may be called at any time. */
  wake(): void
}

/** What the keeper of the clock tells besides: which events are there. It does not let time pass over one that was not fetched. */
export interface News {
  /** Of each hub this host listens to, the number of the newest event it has fetched. */
  known(): Record<string, number>
  /** Of the same hubs, the number of the newest event there is. */
  told(newest: Record<string, number>): void
}

/** False while a jump of the clock is being asked for: begin nothing new. `wake()` follows when it opens. */
export interface Gate {
  open(): boolean
}

/** Marks one piece of work as in flight until the function it returns is called (once; later calls do nothing). */
export type Enter = () => () => void

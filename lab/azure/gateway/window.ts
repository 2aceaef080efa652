/** Amounts within the last so many milliseconds, summed up: failures of a backend, calls and tokens of a caller. */
export type Window = { entries: { at: number; amount: number }[]; first: number; sum: number }

export const newWindow = (): Window => ({ entries: [], first: 0, sum: 0 })

export function add(window: Window, at: number, amount: number): void {
  if (amount === 0) return
  window.entries.push({ at, amount })
  window.sum += amount
}

/** What is left of it after everything older than `widthMs` was forgotten. */
export function sumOf(window: Window, now: number, widthMs: number): number {
  const { entries } = window
  for (
    let oldest = entries[window.first];
    oldest && oldest.at <= now - widthMs;
    oldest = entries[window.first]
  ) {
    window.sum -= oldest.amount
    window.first += 1
  }
  if (window.first > 1000) {
    entries.splice(0, window.first)
    window.first = 0
  }
  return window.sum
}

/** When the sum will be down at `most`, if nothing comes. */
export function freeAt(window: Window, most: number, widthMs: number, now: number): number {
  let { sum } = window
  for (let index = window.first; index < window.entries.length && sum > most; index++) {
    const entry = window.entries[index]
    if (!entry) break
    sum -= entry.amount
    if (sum <= most) return entry.at + widthMs
  }
  return now
}

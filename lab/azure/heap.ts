/** What falls due, soonest first; of what is due at one moment, what was added first. */
export type Heap<T> = {
  push(at: number, value: T): void
  peek(): { at: number; value: T } | undefined
  pop(): { at: number; value: T } | undefined
}

type Entry<T> = { at: number; turn: number; value: T }

export function createHeap<T>(): Heap<T> {
  const entries: Entry<T>[] = []
  let turns = 0

  const sooner = (one: Entry<T>, other: Entry<T>) =>
    one.at < other.at || (one.at === other.at && one.turn < other.turn)

  function rise(entry: Entry<T>, from: number): void {
    let index = from
    while (index > 0) {
      const above = (index - 1) >> 1
      const parent = entries[above]
      if (!parent || sooner(parent, entry)) break
      entries[index] = parent
      index = above
    }
    entries[index] = entry
  }

  function sink(entry: Entry<T>): void {
    let index = 0
    for (;;) {
      let below = 2 * index + 1
      let child = entries[below]
      const other = entries[below + 1]
      if (child && other && sooner(other, child)) {
        child = other
        below += 1
      }
      if (!child || sooner(entry, child)) break
      entries[index] = child
      index = below
    }
    entries[index] = entry
  }

  return {
    push: (at, value) => {
      turns += 1
      rise({ at, turn: turns, value }, entries.length)
    },
    peek: () => entries[0],
    pop: () => {
      const first = entries[0]
      const last = entries.pop()
      if (last && entries.length > 0) sink(last)
      return first
    },
  }
}

/**
 * Something that will have happened. Those who wait run at once, inside the event that settles it, because the order in
 * which they go on decides the numbers of what they schedule. Values and errors are the SDK's business, not ours.
 */
export class Future {
  settled = false
  #waiting: (() => void)[] = []

  settle() {
    if (this.settled) return
    this.settled = true
    for (const goOn of this.#waiting.splice(0)) goOn()
  }

  whenSettled(goOn: () => void) {
    if (this.settled) goOn()
    else this.#waiting.push(goOn)
  }
}

export function anyOf(futures: Future[]): Future {
  const first = new Future()
  for (const future of futures) future.whenSettled(() => first.settle())
  return first
}

/** Waits for every one, failed or not, as .NET does; the SDK's Task.all rejects at the first failure. */
export function allOf(futures: Future[]): Future {
  const every = new Future()
  let left = futures.length
  const one = () => {
    left -= 1
    if (left === 0) every.settle()
  }
  for (const future of futures) future.whenSettled(one)
  return every
}

export function happened(): Future {
  const future = new Future()
  future.settle()
  return future
}

import type { Azure } from './azure.ts'

/** What is computed from the resources: once, and again when any of them has changed. */
export function perRevision<T>(compute: (azure: Azure) => T): (azure: Azure) => T {
  const known = new WeakMap<Azure, { revision: number; value: T }>()
  return (azure) => {
    const { revision } = azure.world.resources
    const last = known.get(azure)
    if (last?.revision === revision) return last.value
    const value = compute(azure)
    known.set(azure, { revision, value })
    return value
  }
}

import type { Resource } from './kind.ts'
import type { Made } from './made.ts'

/** What is said of protection, by resource key. */
export type Protect = Readonly<Record<string, boolean>> | undefined

/** Kinds that are slow to make again, or hold what cannot be made again. */
const protectedKinds: ReadonlySet<string> = new Set([
  'virtual-network',
  'api-management',
  'account',
  'storage',
  'search',
  'cosmos',
  'key-vault',
])

/** What a document says, over what was taken over: that may hold anything, and may be somebody's still. */
export const protection = (said: Protect, inventory: Made[]): Protect => ({
  ...Object.fromEntries(inventory.filter(({ adopted }) => adopted).map(({ key }) => [key, true])),
  ...said,
})

/** Whether a removal leaves it where it is unless told otherwise, and only a person has it made again: as is said of it, else by kind. */
export const isProtected = (resource: Resource, protect: Protect): boolean =>
  protect?.[resource.key] ?? protectedKinds.has(resource.kind)

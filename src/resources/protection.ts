import type { Resource } from './kind.ts'

/**
 * Kinds that a removal leaves where they are unless it is told otherwise: slow to make again, or holding what cannot be made again.
 */
const protectedKinds: ReadonlySet<string> = new Set([
  'virtual-network',
  'api-management',
  'account',
  'storage',
  'search',
  'cosmos',
  'key-vault',
])

export const isProtected = (resource: Resource): boolean => protectedKinds.has(resource.kind)

// Host keys. Locally everybody is admin, as with `func start`; with --auth the admin endpoints want the master key, an extension's
// webhook its system key or the master key. The lab listens on loopback only: its keys are no secrets.
import type { Received } from './request.ts'

export const masterKey = 'lab-master-key'

export function presentsKey({ headers, url }: Received, ...accepted: string[]): boolean {
  const key = headers['x-functions-key'] ?? url.searchParams.get('code')
  return typeof key === 'string' && accepted.includes(key)
}

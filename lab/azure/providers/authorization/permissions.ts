import type { Action } from '../../arm/kind.ts'

/** What the caller may do: every token of the tenant may do everything here. And the locks, of which there are none. */
export const permissions: Action[] = [
  {
    method: 'GET',
    path: '{scope}/providers/Microsoft.Authorization/permissions',
    run: () => ({
      status: 200,
      body: { value: [{ actions: ['*'], notActions: [], dataActions: [], notDataActions: [] }] },
    }),
  },
  {
    method: 'GET',
    path: '{scope}/providers/Microsoft.Authorization/locks',
    run: () => ({ status: 200, body: { value: [] } }),
  },
]

import type { JsonObject } from '../resources/kind.ts'
import { list } from './live-network.ts'

/** What Azure's answer about a caller's permissions allows. Each entry is one role: what it takes away, another may give. */

export interface Grant {
  actions: string[]
  notActions: string[]
}

export const grantsOf = (entries: JsonObject[]): Grant[] =>
  entries.map((entry) => ({
    actions: list(entry, 'actions').map(String),
    notActions: list(entry, 'notActions').map(String),
  }))

export const isAllowed = (grants: Grant[], action: string): boolean =>
  grants.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => matches(pattern, action)) &&
      !notActions.some((pattern) => matches(pattern, action)),
  )

/** `*` stands for anything, slashes included; case does not count. */
function matches(pattern: string, action: string): boolean {
  const text = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${text}$`, 'i').test(action)
}

/** `Microsoft.Network/virtualNetworks/subnets` of a subnet's id; of an extension's, the extension's. */
export function typeOf(id: string): string {
  const [namespace = '', ...path] = (id.split(/\/providers\//i).at(-1) ?? '').split('/')
  return [namespace, ...path.filter((_, index) => index % 2 === 0)].join('/')
}

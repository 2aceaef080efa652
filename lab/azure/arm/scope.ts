import type { Azure } from './azure.ts'
import {
  conflict,
  groupNotFound,
  parentNotFound,
  Refusal,
  resourceNotFound,
  subscriptionNotFound,
} from './errors.ts'
import { groupIdOf, groupNameOf, keyOf, nameOf, parentOf, subscriptionOf, typeOf } from './ids.ts'
import type { Kind } from './kind.ts'
import { visible } from './show.ts'

/** What must be there before ARM looks at the resource itself. */
export function checkScope(kind: Kind, id: string, writing: boolean, azure: Azure): void {
  checkSubscription(subscriptionOf(id), azure)
  const group = groupIdOf(id)
  const isGroup = keyOf(group ?? '') === keyOf(id)
  if (group && !isGroup) {
    const holder = azure.find(group)
    if (!visible(holder, azure)) throw groupNotFound(nameOf(group))
    if (writing && holder.state === 'Deleting')
      throw conflict(
        'ResourceGroupBeingDeleted',
        `The resource group '${nameOf(group)}' is in deprovisioning state and cannot perform this operation.`,
      )
  }
  const namespace = kind.type.split('/')[0] ?? ''
  if (writing && azure.world.registrations.get(keyOf(namespace)) !== 'Registered' && !isGroup)
    throw new Refusal(
      409,
      'MissingSubscriptionRegistration',
      `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
    )
}

export function checkSubscription(subscription: string, azure: Azure): void {
  if (keyOf(subscription) !== keyOf(azure.subscriptionId)) throw subscriptionNotFound(subscription)
}

export function checkParent(kind: Kind, id: string, verb: 'read' | 'write' | 'delete', azure: Azure): void {
  if (kind.extension) {
    const scope = parentOf(id)
    if (/\/providers\//i.test(scope) && !visible(azure.find(scope), azure)) throw scopeNotFound(scope)
    return
  }
  const parentType = kind.type.slice(0, kind.type.lastIndexOf('/'))
  if (!azure.kind(parentType)) return
  const parent = parentOf(id)
  if (!visible(azure.find(parent), azure))
    throw parentNotFound(verb, kind.type.slice(kind.type.indexOf('/') + 1), parent)
}

const scopeNotFound = (scope: string) => resourceNotFound(typeOf(scope), nameOf(scope), groupNameOf(scope))

/** The id as it is kept: that of what exists, or the asked one with its parent's and its type's own case. */
export function canonicalId(kind: Kind, asked: string, azure: Azure): string {
  const present = azure.find(asked)
  if (present) return present.id
  const parent = parentOf(asked)
  const parentId = azure.find(parent)?.id ?? parent
  const [namespace = '', ...types] = kind.type.split('/')
  const type = types.at(-1) ?? ''
  if (kind.type === 'Microsoft.Resources/resourceGroups') return `${parentId}/resourceGroups/${nameOf(asked)}`
  return types.length === 1
    ? `${parentId}/providers/${namespace}/${type}/${nameOf(asked)}`
    : `${parentId}/${type}/${nameOf(asked)}`
}

import type { Azure } from '../../arm/azure.ts'
import { badRequest, resourceNotFound } from '../../arm/errors.ts'
import { birthOf } from '../../arm/identities.ts'
import { groupNameOf, keyOf, nameOf } from '../../arm/ids.ts'
import type { Action, Resource } from '../../arm/kind.ts'
import type { Account } from './account-shape.ts'
import { ACCOUNT } from './common.ts'

/** The two keys of an account, by its birth; they cannot be regenerated. */
export const keysOf = ({ id }: Resource<Account>, azure: Azure): [string, string] => {
  const key = (which: string) =>
    azure.draw.uuid('account key', which, keyOf(id), birthOf(id, azure)).replaceAll('-', '')
  return [key('key1'), key('key2')]
}

export const listKeys: Action = {
  method: 'POST',
  path: `/subscriptions/{}/resourceGroups/{}/providers/${ACCOUNT}/{}/listKeys`,
  run: ({ path }, azure) => {
    const id = path.slice(0, path.lastIndexOf('/'))
    const account = azure.find(id) as unknown as Resource<Account> | undefined
    if (!account) throw resourceNotFound(ACCOUNT, nameOf(id), groupNameOf(id))
    if (account.properties.disableLocalAuth)
      throw badRequest('BadRequest', 'Failed to list key. disableLocalAuth is set to be true')
    const [key1, key2] = keysOf(account, azure)
    return { status: 200, body: { key1, key2 } }
  },
}

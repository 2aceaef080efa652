import { items, textAt } from './raw.ts'

/** Finding accounts and deployments in a document not yet known to be right. Names that differ by case only are one name. */

export const accountNamed = (accounts: unknown[], name: string | undefined): unknown =>
  accounts.find((account) => sameName(textAt(account, 'name'), name))

/** A deployment is called as its model is, unless it says otherwise. */
export const deploymentOf = (account: unknown, name: string | undefined): unknown =>
  items(account, 'deployments').find(({ value }) =>
    sameName(textAt(value, 'name') ?? textAt(value, 'model'), name),
  )?.value

export const isIn = (list: readonly string[], value: string | undefined): boolean =>
  value !== undefined && list.includes(value)
const sameName = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && a.toLowerCase() === b?.toLowerCase()

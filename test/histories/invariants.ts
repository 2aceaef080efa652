import { expect } from 'vitest'
import { type ArmObject, isWrite, type JournalRow } from '../../lab/azure-client.ts'
import type { OperationView } from '../../src/operations/show.ts'
import { strangerId } from './ground.ts'
import { movedPools, theirMarks } from './strangers.ts'

/**
 * What must hold after each operation of any history:
 * 1 after a succeeded apply the plan is empty; 2 killed anywhere and resumed, it ends as if it had not been (histories played twice); 3 nothing protected or
 * not ours is deleted or rewritten; 4 no two writes of ours are in flight in one lock domain; 5 destroy ends empty, or names what is left.
 */

const lower = (ids: Iterable<string>) => new Set([...ids].map((id) => id.toLowerCase()))
const ofTheApp = (rows: JournalRow[]) => rows.filter((row) => isWrite(row) && row.caller !== strangerId)
const inWords = ({ method, url, status }: JournalRow) => `${method} ${url} ${status}`

/** 3: every write is to something the documents describe, or to what Azure keeps of it. */
export function onlyOursWritten(rows: JournalRow[], described: ReadonlySet<string>): void {
  const ours = lower(described)
  const names = lower([...described].map((id) => id.split('/').at(-1) ?? ''))
  const others = ofTheApp(rows).filter(({ url }) => {
    const path = decodeURIComponent(url.split('?')[0] ?? '').toLowerCase()
    const remains = /\/deleted(?:services|accounts|vaults)\/([^/]+)/.exec(path)
    return remains ? !names.has(remains[1] ?? '') : !ours.has(path)
  })
  expect(others.map(inWords), '3: writes to what is not described').toEqual([])
}

/** 4: Azure never had to say that it was still busy with an earlier write. */
export function inOrder(rows: JournalRow[]): void {
  const busy = ofTheApp(rows).filter(({ fault, status }) => !fault && (status === 409 || status === 429))
  expect(busy.map(inWords), '4: writes that met another').toEqual([])
}

interface Change {
  before: ArmObject[]
  after: ArmObject[]
  operation: OperationView
  /** Ids. */
  home: string[]
}

/** 3: a stranger's fields on our objects and a stranger's own objects survive; and the home does. */
export function strangersKept({
  before,
  after,
  operation,
  keepsWeights,
  home,
}: Change & { keepsWeights: boolean }): void {
  const ids = new Set(after.map(({ id }) => id))
  const text = (marks: { id: string; mark: string }[]) => marks.map(({ id, mark }) => `${id}#${mark}`)
  // What a removal takes away, it takes with all that is on it; it never takes what is a stranger's alone.
  const stays = theirMarks(before).filter(
    ({ id, mark }) => operation.kind !== 'destroy' || mark === 'subnet' || ids.has(id),
  )
  expect(text(theirMarks(after)), '3: what strangers put there').toEqual(expect.arrayContaining(text(stays)))
  const homeBefore = before.map(({ id }) => id).filter((id) => home.includes(id))
  expect([...ids], '3: the home').toEqual(expect.arrayContaining(homeBefore))
  if (keepsWeights)
    expect(movedPools(after), '3: weights moved within their bounds').toEqual(
      expect.arrayContaining(movedPools(before)),
    )
}

/** Types that a removal leaves where they are unless it is told otherwise. */
const protectedTypes = lower([
  'Microsoft.Network/virtualNetworks',
  'Microsoft.ApiManagement/service',
  'Microsoft.CognitiveServices/accounts',
  'Microsoft.Storage/storageAccounts',
  'Microsoft.Search/searchServices',
  'Microsoft.DocumentDB/databaseAccounts',
  'Microsoft.KeyVault/vaults',
])

/** 5: what is left after a removal is the home and what is a stranger's; or the removal says so. 3: protected things stay unless they are included. */
export function emptiedOrNamed({
  before,
  after,
  operation,
  home,
  includeProtected,
}: Change & { includeProtected: boolean }): void {
  const ids = after.map(({ id }) => id)
  const guarded = before.filter(({ type }) => protectedTypes.has(type.toLowerCase())).map(({ id }) => id)
  if (!includeProtected) expect(ids, '3: protected things').toEqual(expect.arrayContaining(guarded))
  const theirs = theirMarks(after)
    .filter(({ mark }) => mark === 'subnet')
    .map(({ id }) => id)
  if (operation.state === 'succeeded')
    expect(
      ids.filter((id) => !home.includes(id) && !theirs.includes(id)),
      '5: what a removal left',
    ).toEqual([])
  else
    expect(
      operation.conditions.filter(({ reason }) => reason !== 'Removed'),
      '5: blockers of a removal that did not succeed',
    ).not.toEqual([])
}

/** An operation ends, and says of everything that is not as described why it is not. */
export function blockersNamed(operation: OperationView): void {
  const open = operation.conditions.filter(({ status }) => status !== 'True')
  const said = open.map(({ resource, reason, message }) => `${resource} ${reason}: ${message}`).join('\n')
  expect(['succeeded', 'partial', 'cancelled'], said).toContain(operation.state)
  if (operation.state === 'succeeded') expect(said).toBe('')
  if (operation.state === 'partial') expect(open.length, 'partial, and nothing says why').toBeGreaterThan(0)
}

import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { badRequest, conflict } from '../../arm/errors.ts'
import { birthOf } from '../../arm/identities.ts'
import { groupNameOf, nameOf, sameId, subscriptionOf } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { iso } from '../../clock.ts'
import { birthIdOf } from '../../models/accounts.ts'
import { forget } from '../../models/response-store.ts'
import type { Account } from './account-shape.ts'
import { releaseSubnetsOf } from './agent-subnet.ts'
import { DELETED_ACCOUNT, IN_BODY, NAMESPACE } from './common.ts'

const RETENTION_MS = 48 * 60 * 60 * 1000

export const deletedAccounts: Kind = defineKind({
  type: DELETED_ACCOUNT,
  name: { pattern: /./, most: 64 },
  since: '2021-04-30',
  methods: ['DELETE'],
  region: 'none',
  shape: z.looseObject({}),
  readOnly: [],
  etag: 'header',
  asynchrony: IN_BODY,
  busy: [
    { share: 1, refuse: (id) => conflict('RequestConflict', `The account ${nameOf(id)} is being purged.`) },
  ],
  gone: ({ hidden }, azure) => {
    const account = hidden?.['account'] as Resource
    if (!azure.find(account.id)) releaseSubnetsOf(account.id, azure)
    forget(birthIdOf(account), azure)
  },
})

/** What is left of a deleted account for 48 hours: its name, its subdomain, its hold on a subnet. */
export function bury(account: Resource, azure: Azure): void {
  const now = azure.clock.now()
  const purgedAt = now + RETENTION_MS
  const { id, location = '' } = account
  const place = `/subscriptions/${subscriptionOf(id)}/providers/${NAMESPACE}/locations/${location}`
  const grave: Resource = {
    id: `${place}/resourceGroups/${groupNameOf(id)}/deletedAccounts/${nameOf(id)}`,
    type: DELETED_ACCOUNT,
    location,
    ...(account.tags ? { tags: account.tags } : {}),
    beside: account.beside,
    properties: { ...account.properties, ...account.assigned },
    assigned: { deletionDate: iso(now), scheduledPurgeDate: iso(purgedAt) },
    hidden: { account },
    state: 'Succeeded',
    revision: 0,
    createdAt: now,
    visibleAt: now,
    settledAt: now,
  }
  azure.keep(grave)
  azure.agenda.add({ at: purgedAt, what: 'vanish', subject: grave.id })
}

/** A new account, or with `restore` the one that was deleted, subdomain, identity and all. */
export function restored(draft: Resource<Account>, azure: Azure): Resource<Account> {
  const { restore, ...properties } = draft.properties
  const grave = azure
    .all(DELETED_ACCOUNT)
    .find(({ hidden }) => sameId((hidden?.['account'] as Resource | undefined)?.id, draft.id))
  if (!grave && restore)
    throw badRequest(
      'CanNotRestoreANonExistingResource',
      `There is no soft-deleted account ${draft.id} to restore.`,
    )
  if (!grave) return { ...draft, properties, hidden: { birth: birthOf(draft.id, azure) } }
  if (!restore)
    throw conflict(
      'FlagMustBeSetForRestore',
      `An existing resource with ID '${draft.id}' has been soft-deleted. To restore the resource, you must specify 'restore' to be 'true' in the property. If you don't want to restore existing resource, please purge it first.`,
    )
  if (grave.location !== draft.location)
    throw conflict(
      'InvalidResourceLocation',
      `The soft-deleted account ${draft.id} was in location '${grave.location}'.`,
    )
  // Not erased: what is brought back lets go of nothing.
  azure.world.resources.delete(grave.id.toLowerCase())
  const was = grave.hidden?.['account'] as unknown as Resource<Account>
  const { tags = was.tags } = draft
  return {
    ...draft,
    properties: was.properties,
    assigned: was.assigned,
    beside: was.beside,
    ...(tags ? { tags } : {}),
    ...(was.hidden ? { hidden: was.hidden } : {}),
  }
}

import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { Refusal } from '../../arm/errors.ts'
import { keyOf, nameOf, parentOf, subscriptionOf } from '../../arm/ids.ts'
import { type Action, defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { page } from '../../arm/read.ts'
import { remove } from '../../arm/remove.ts'
import { iso } from '../../clock.ts'
import { KEY_VAULT } from './common.ts'
import { LONGEST_RETENTION_DAYS, type Vault } from './shape.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** What is left of a deleted vault until its retention ends: its name, and enough to recover it. */
export const deletedVaults: Kind = defineKind({
  ...KEY_VAULT,
  type: 'Microsoft.KeyVault/locations/deletedVaults',
  name: { pattern: /./, most: 24 },
  methods: [],
  region: 'none',
  stateless: true,
  shape: z.looseObject({}),
  readOnly: [],
  blocked: ({ properties }) =>
    (properties as { purgeProtectionEnabled?: boolean }).purgeProtectionEnabled
      ? new Refusal(405, 'MethodNotAllowed', "Operation 'DeletedVaultPurge' is not allowed.")
      : undefined,
})

export function bury(vault: Resource<Vault>, azure: Azure): void {
  const now = azure.clock.now()
  const { softDeleteRetentionInDays = LONGEST_RETENTION_DAYS, enablePurgeProtection } = vault.properties
  const purgedAt = now + softDeleteRetentionInDays * DAY_MS
  const grave = azure.keep({
    id: `/subscriptions/${subscriptionOf(vault.id)}/providers/Microsoft.KeyVault/locations/${vault.location}/deletedVaults/${nameOf(vault.id)}`,
    type: deletedVaults.type,
    beside: {},
    properties: {
      vaultId: vault.id,
      location: vault.location,
      deletionDate: iso(now),
      scheduledPurgeDate: iso(purgedAt),
      ...(vault.tags ? { tags: vault.tags } : {}),
      ...(enablePurgeProtection ? { purgeProtectionEnabled: true } : {}),
    },
    assigned: {},
    hidden: { vault },
    state: 'Succeeded',
    revision: 0,
    createdAt: now,
    visibleAt: now,
    settledAt: now,
  })
  azure.agenda.add({ at: purgedAt, what: 'vanish', subject: grave.id })
}

/** Names are global: a deleted one is held in every group and region. */
export function graveOf(name: string, azure: Azure): { id: string; vault: Resource<Vault> } | undefined {
  const grave = azure.all(deletedVaults.type).find(({ id }) => keyOf(nameOf(id)) === keyOf(name))
  return grave && { id: grave.id, vault: grave.hidden?.['vault'] as Resource<Vault> }
}

export const deletedVaultActions: Action[] = [
  {
    method: 'GET',
    path: '/subscriptions/{}/providers/Microsoft.KeyVault/deletedVaults',
    run: (call, azure) => page(call, azure.all(deletedVaults.type), azure),
  },
  {
    method: 'POST',
    path: '/subscriptions/{}/providers/Microsoft.KeyVault/locations/{}/deletedVaults/{}/purge',
    run: (call, azure) => {
      const id = parentOf(`${call.path}/-`)
      if (!azure.find(id))
        throw new Refusal(404, 'DeletedVaultNotFound', `The deleted vault '${nameOf(id)}' does not exist.`)
      return remove({ ...call, id, kind: { ...deletedVaults, methods: ['DELETE'] } }, azure)
    },
  },
]

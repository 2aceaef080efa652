import type { Azure } from '../../arm/azure.ts'
import { badRequest, conflict, Refusal } from '../../arm/errors.ts'
import { nameOf, sameId } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { isTakenElsewhere, namesakeOf } from '../global-names.ts'
import { KEY_VAULT } from './common.ts'
import { bury, graveOf } from './deleted-vaults.ts'
import { LONGEST_RETENTION_DAYS, Vault } from './shape.ts'

export const vaults: Kind = defineKind<Vault>({
  ...KEY_VAULT,
  type: 'Microsoft.KeyVault/vaults',
  name: { pattern: /^[a-z](-?[a-z0-9])*$/i, least: 3, most: 24 },
  methods: ['PUT', 'PATCH', 'DELETE'],
  region: 'own',
  shape: Vault,
  readOnly: ['vaultUri', 'hsmPoolResourceId'],
  patched: 'merge',
  revived: (draft, before, azure) => {
    const { createMode, ...properties } = draft.properties
    const asked = { ...draft, properties: kept(properties, before?.properties) }
    if (before) return asked
    return recovered(asked, createMode === 'recover', azure)
  },
  check: (draft, before, azure) => {
    const name = nameOf(draft.id)
    if (!before && (isTakenElsewhere(name) || namesakeOf(draft, azure)))
      throw conflict(
        'VaultAlreadyExists',
        `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken.`,
      )
    const { accessPolicies, enableRbacAuthorization } = draft.properties
    if (!accessPolicies && !enableRbacAuthorization)
      throw badRequest('BadRequest', "The parameter 'accessPolicies' is required.", 'accessPolicies')
    checkDeletion(draft.properties, before?.properties)
  },
  shown: ({ id, properties }) => ({
    properties: {
      vaultUri: `https://${nameOf(id)}.vault.azure.net/`,
      accessPolicies: properties.accessPolicies ?? [],
    },
  }),
  privateLink: {
    groups: ({ id }) => ({
      vault: [
        {
          member: 'default',
          fqdn: `${nameOf(id)}.vault.azure.net`,
          zone: 'privatelink.vaultcore.azure.net',
        },
      ],
    }),
  },
  gone: bury,
})

/** Retention and purge protection are settled once: what a later PUT leaves out stays as it is. */
function kept(asked: Vault, before: Vault | undefined): Vault {
  const { enablePurgeProtection, ...rest } = asked
  const protection = enablePurgeProtection ?? before?.enablePurgeProtection
  return {
    ...rest,
    ...(typeof protection === 'boolean' ? { enablePurgeProtection: protection } : {}),
    softDeleteRetentionInDays:
      asked.softDeleteRetentionInDays ?? before?.softDeleteRetentionInDays ?? LONGEST_RETENTION_DAYS,
  }
}

function checkDeletion(asked: Vault, before: Vault | undefined): void {
  if (!asked.enableSoftDelete)
    throw badRequest(
      'BadRequest',
      'The property "enableSoftDelete" cannot be set to false. Enabling the soft delete functionality is an irreversible action.',
    )
  if (asked.enablePurgeProtection === false)
    throw badRequest(
      'BadRequest',
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    )
  if (before && asked.softDeleteRetentionInDays !== before.softDeleteRetentionInDays)
    throw badRequest(
      'BadRequest',
      `The property "softDeleteRetentionInDays" has been set already and it can't be modified.`,
    )
}

/** A vault of that name may lie in its grave: then it is brought back, as it was, or in the way. */
function recovered(draft: Resource<Vault>, isAsked: boolean, azure: Azure): Resource<Vault> {
  const name = nameOf(draft.id)
  const grave = graveOf(name, azure)
  if (!grave) {
    if (isAsked) throw new Refusal(404, 'DeletedVaultNotFound', `The deleted vault '${name}' does not exist.`)
    return draft
  }
  if (!isAsked || !sameId(grave.vault.id, draft.id))
    throw conflict(
      'ConflictError',
      'A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.',
    )
  azure.erase(grave.id)
  const { properties, beside, tags } = grave.vault
  return { ...draft, properties, beside, ...(tags ? { tags } : {}) }
}

import { z } from 'zod'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { iso } from '../../clock.ts'
import { STORAGE } from './common.ts'

const CHILD = {
  ...STORAGE,
  region: 'none',
  stateless: true,
  apart: true,
  locks: () => [],
} satisfies Partial<Kind>

/** Every account has the one blob service, `default`, and it cannot be had otherwise. */
export const blobServices: Kind = defineKind({
  ...CHILD,
  type: 'Microsoft.Storage/storageAccounts/blobServices',
  name: { pattern: /^default$/, most: 7 },
  methods: [],
  shape: z.looseObject({}),
  readOnly: [],
  shown: () => ({
    properties: {
      cors: { corsRules: [] },
      deleteRetentionPolicy: { enabled: false, allowPermanentDelete: false },
    },
  }),
})

const Container = z.looseObject({
  publicAccess: z.enum(['None', 'Blob', 'Container']).default('None'),
  metadata: z.record(z.string(), z.string()).optional(),
})

export const containers: Kind = defineKind<z.infer<typeof Container>>({
  ...CHILD,
  type: `${blobServices.type}/containers`,
  name: { pattern: /^(\$root|\$web|[a-z0-9]+(-[a-z0-9]+)*)$/, least: 3, most: 63 },
  methods: ['PUT', 'PATCH', 'DELETE'],
  patched: 'merge',
  shape: Container,
  readOnly: ['leaseStatus', 'leaseState', 'lastModifiedTime', 'hasLegalHold', 'hasImmutabilityPolicy'],
  shown: ({ createdAt }) => ({
    properties: {
      deleted: false,
      leaseStatus: 'Unlocked',
      leaseState: 'Available',
      lastModifiedTime: iso(createdAt),
      defaultEncryptionScope: '$account-encryption-key',
      denyEncryptionScopeOverride: false,
      hasImmutabilityPolicy: false,
      hasLegalHold: false,
    },
  }),
})

export const blobServiceOf = (account: Omit<Resource, 'properties'>): Resource => ({
  id: `${account.id}/blobServices/default`,
  type: blobServices.type,
  beside: {},
  properties: {},
  assigned: {},
  state: 'Succeeded',
  revision: 0,
  createdAt: account.createdAt,
  visibleAt: account.visibleAt,
  settledAt: account.createdAt,
})

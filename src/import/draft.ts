import type * as z from 'zod'
import type { Document } from '../environment/schema.ts'

/** A document as an author writes it: what has a default may be left out. */
export type Draft = z.input<typeof Document>
export type DraftAccount = NonNullable<NonNullable<Draft['foundry']>['accounts']>[number]
export type DraftDeployment = NonNullable<DraftAccount['deployments']>[number]
export type DraftPool = NonNullable<Draft['gateway']['pools']>[number]
export type DraftData = NonNullable<Draft['data']>
export type DraftApi = NonNullable<Draft['gateway']['api']>
export type DraftAccess = NonNullable<Draft['access']>[number]

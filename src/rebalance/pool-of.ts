import type { Document } from '../environment/schema.ts'
import { allEnvironments } from '../store/store.ts'
import type { BalanceWorld, Watched } from './deeds.ts'
import { type Subject, subjectsOf } from './subject.ts'

/** A pool of a stored environment. */
export interface Found {
  document: Document
  subject: Subject
  /** The environment's latest operation takes it away, or has. */
  isDestroyed: boolean
}

/** Every pool of an environment as its stored document has them. */
export async function poolsOf(
  { store, surroundings }: Pick<BalanceWorld, 'store' | 'surroundings'>,
  environment: string,
): Promise<Found[]> {
  const row = await store.environments.get(allEnvironments, environment)
  if (!row) return []
  const { document, operation } = row.value
  const latest = await store.operations.get(environment, operation)
  const isDestroyed =
    latest?.value.kind === 'destroy' && latest.value.state !== 'cancelled' && latest.value.state !== 'failed'
  return subjectsOf(document, surroundings).map((subject) => ({ document, subject, isDestroyed }))
}

/** @returns undefined when there is no such environment, or no such pool in its document */
export const poolOf = async (
  world: Pick<BalanceWorld, 'store' | 'surroundings'>,
  { environment, pool }: Watched,
): Promise<Found | undefined> =>
  (await poolsOf(world, environment)).find(({ subject }) => subject.pool === pool)

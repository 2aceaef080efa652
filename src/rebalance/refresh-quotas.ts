import { type Quotas, readQuotas } from '../azure/quotas.ts'
import { allEnvironments } from '../store/store.ts'
import type { BalanceWorld } from './deeds.ts'
import { poolsOf } from './pool-of.ts'
import { updateBalance } from './update.ts'
import { modeInForce, neverMoved } from './why-not.ts'

/** Reads what the members of all pools may take, one list per account, and keeps it with each pool. What cannot be read stays as it was known. */
export async function refreshQuotas(
  world: Pick<BalanceWorld, 'store' | 'arm' | 'surroundings' | 'autoBalance' | 'log'>,
): Promise<void> {
  const lists = new Map<string, Promise<Quotas>>()
  const quotasOf = (accountId: string) => {
    const list = lists.get(accountId) ?? readQuotas(world.arm, accountId)
    lists.set(accountId, list)
    return list
  }
  for (const { name } of await world.store.environments.list(allEnvironments))
    for (const { document, subject, isDestroyed } of await poolsOf(world, name)) {
      const { mode } = modeInForce(subject, document.mode, world.autoBalance)
      if (neverMoved(subject, mode, isDestroyed)) continue
      const known: Record<string, number | undefined> = {}
      for (const { accountId, backend, deployment } of subject.sources) {
        const told = await quotasOf(accountId)
        if (told.is === 'read')
          known[backend] = told.deployments.get(deployment.toLowerCase())?.tokensPerMinute
        else world.log(`${name}: quotas of ${accountId} cannot be read: ${told.failure.message}`)
      }
      if (Object.keys(known).length === 0) continue
      await updateBalance(world.store, name, subject.pool, (row) => ({
        ...row,
        quotas: { readMs: Date.now(), tokensPerMinute: merged(row.quotas?.tokensPerMinute ?? {}, known) },
      }))
    }
}

/** Without those that Azure names no limit of any more. */
const merged = (
  before: Record<string, number>,
  known: Record<string, number | undefined>,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries({ ...before, ...known }).flatMap(([backend, quota]) =>
      quota === undefined ? [] : [[backend, quota]],
    ),
  )

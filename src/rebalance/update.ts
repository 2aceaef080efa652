import type { Store } from '../store/store.ts'
import { type BalanceRow, newBalance } from './rows.ts'

/**
 * Reads, changes and writes a pool's row until nobody else was faster.
 * @param change gives back the very row it was given to leave it as it is
 */
export async function updateBalance(
  { balance }: Pick<Store, 'balance'>,
  environment: string,
  pool: string,
  change: (row: BalanceRow) => BalanceRow,
): Promise<BalanceRow> {
  for (;;) {
    const found = await balance.get(environment, pool)
    const before = found?.value ?? newBalance(environment, pool)
    const changed = change(before)
    if (changed === before) return before
    const written = found
      ? await balance.replace(environment, pool, changed, found.etag)
      : await balance.insert(environment, pool, changed)
    if (written) return changed
  }
}

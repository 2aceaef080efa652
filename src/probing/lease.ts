import { allEnvironments, type Store } from '../store/store.ts'

/** Longer than a tick takes, shorter than proof lasts: after a killed tick the environment waits this long for its next round. */
const leaseMs = 2 * 60_000

/**
 * Takes an environment for one round, so that no two are ever under way at once.
 * @returns false when somebody else has it
 */
export async function takeLease(
  { probing }: Pick<Store, 'probing'>,
  environment: string,
  owner: string,
  nowMs: number,
): Promise<boolean> {
  const row = { environment, owner, untilMs: nowMs + leaseMs }
  const held = await probing.get(allEnvironments, environment)
  if (!held) return probing.insert(allEnvironments, environment, row)
  if (held.value.untilMs > nowMs && held.value.owner !== owner) return false
  return probing.replace(allEnvironments, environment, row, held.etag)
}

/** Nothing is counted by who lost it meanwhile. */
export async function holdsLease(
  { probing }: Pick<Store, 'probing'>,
  environment: string,
  owner: string,
  nowMs: number,
): Promise<boolean> {
  const held = await probing.get(allEnvironments, environment)
  return held !== undefined && held.value.owner === owner && held.value.untilMs > nowMs
}

/** Gives it back at the end of the round. */
export async function giveLease(
  { probing }: Pick<Store, 'probing'>,
  environment: string,
  owner: string,
): Promise<void> {
  const held = await probing.get(allEnvironments, environment)
  if (held?.value.owner === owner)
    await probing.replace(allEnvironments, environment, { ...held.value, untilMs: 0 }, held.etag)
}

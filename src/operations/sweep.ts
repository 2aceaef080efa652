import { expand } from '../environment/expand.ts'
import { findings } from '../reconcile/drift.ts'
import { knownIds } from '../resources/made.ts'
import { protection } from '../resources/protection.ts'
import { allEnvironments, type DriftRow, type EnvironmentRow, isFinalState } from '../store/store.ts'
import type { World } from './deeds.ts'
import { observeAll } from './observe-all.ts'

/**
 * Looks at every environment that no operation is working on, and notes what is not as described. Reads of Azure only.
 * @returns what was found, by environment
 */
export async function sweep(world: World): Promise<DriftRow[]> {
  const rows = await world.store.environments.list(allEnvironments)
  const found: DriftRow[] = []
  for (const row of rows) {
    const latest = await world.store.operations.get(row.name, row.operation)
    if (latest && !isFinalState(latest.value.state)) continue
    found.push(await sweepOne(world, row))
  }
  return found
}

/** Looks at one environment and notes what is not as described. */
async function sweepOne(world: World, { name, document }: EnvironmentRow): Promise<DriftRow> {
  const { store, arm, surroundings, log } = world
  const resources = expand(document, surroundings)
  const observed = await observeAll(arm, resources, new Map())
  const inventory = await store.inventory.list(name)
  const unreadable = [...observed.values()].filter(({ state }) => state === 'unknown').length
  const row: DriftRow = {
    environment: name,
    checkedMs: Date.now(),
    findings: findings(resources, observed, knownIds(inventory), protection(document.protect, inventory)),
    unreadable,
  }
  await store.drift.put(allEnvironments, name, row)
  for (const finding of row.findings) log(`${name}: ${finding.resource} ${finding.reason} (${finding.class})`)
  return row
}

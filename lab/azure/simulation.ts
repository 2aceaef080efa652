import { createAgenda } from './agenda.ts'
import { type Azure, createAzure } from './arm/azure.ts'
import { settleOperation } from './arm/operations.ts'
import { createThrottle } from './arm/throttle.ts'
import { type Clock, createClock } from './clock.ts'
import { createDraw } from './draw.ts'
import { createFaults, type Faults } from './faults.ts'
import { createJournal, type Journal, type Row } from './journal.ts'
import { tempers } from './lifecycles/index.ts'
import { type ArmPlane, createArm } from './planes/arm.ts'
import { providers } from './providers/index.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store.ts'
import { createTimekeeper, type Timekeeper } from './timekeeper.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { openWorld } from './world.ts'
import { worlds } from './worlds/index.ts'
import { SUBSCRIPTION_ID, TENANT_ID } from './worlds/world.ts'

/** Everything but the wire. */
export type Simulation = {
  azure: Azure
  clock: Clock
  timekeeper: Timekeeper
  tokens: Tokens
  arm: ArmPlane
  faults: Faults
  journal: Journal
  store: Store
}

export async function openSimulation(
  store: Store,
  kept: ReturnType<Store['table']>,
  settings: Settings,
  wall?: () => number,
): Promise<Simulation> {
  const clock = createClock(kept, wall)
  const world = openWorld(store)
  const azure = createAzure({
    tenantId: TENANT_ID,
    subscriptionId: SUBSCRIPTION_ID,
    world,
    clock,
    providers,
    draw: createDraw(settings.seed),
    temper: tempers[settings.temper],
    agenda: createAgenda(world.agenda, clock, {
      settle: (id) => settleOperation(id, azure),
      vanish: (id) => azure.erase(id),
      registered: (namespace) => world.registrations.put(namespace, 'Registered'),
      ...Object.fromEntries(
        providers
          .flatMap(({ due = {} }) => Object.entries(due))
          .map(([what, run]) => [what, (subject: string) => run(subject, azure)]),
      ),
    }),
  })
  if (settings.isNew) worlds[settings.world](azure)

  const tokens = await createTokens(kept, clock, TENANT_ID)
  const journal = createJournal(store.table<Row>('journal', { keptOnRefusal: true }))
  const timekeeper = createTimekeeper(clock, azure.agenda, kept, store)
  const arm = createArm(azure, tokens, createThrottle(world.buckets, clock), store)
  return { azure, clock, timekeeper, tokens, arm, faults: createFaults(world.faults), journal, store }
}

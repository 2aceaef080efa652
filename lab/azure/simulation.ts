import { createAgenda } from './agenda.ts'
import { type Azure, createAzure } from './arm/azure.ts'
import { settleOperation } from './arm/operations.ts'
import { createThrottle } from './arm/throttle.ts'
import { type Clock, createClock } from './clock.ts'
import { isUnreached } from './data/call.ts'
import { createData, type Data, type DataService } from './data/plane.ts'
import { createUnplayed } from './data/unplayed.ts'
import { createDraw } from './draw.ts'
import { newestEvent } from './event-hubs.ts'
import { createFaults, type Faults } from './faults.ts'
import { createGateway, type Gateway } from './gateway/gateway.ts'
import { createJournal, type Journal, type Row } from './journal.ts'
import { tempers } from './lifecycles/index.ts'
import { createModels } from './models/models.ts'
import { createMonitorDoors } from './monitor/doors.ts'
import { createMonitor } from './monitor/monitor.ts'
import { MINUTE_ENDS } from './monitor/watch.ts'
import { createNetwork, type Network } from './network/network.ts'
import { type ArmPlane, createArm } from './planes/arm.ts'
import { providers } from './providers/index.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store.ts'
import { createTimekeeper, type Timekeeper } from './timekeeper.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { createTraffic, type Traffic } from './traffic/traffic.ts'
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
  network: Network
  data: Data
  gateway: Gateway
  traffic: Traffic
  /** Azure Monitor at the lab's own address. */
  monitor: DataService
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
      traffic: (id) => traffic.due(id),
      [MINUTE_ENDS]: () => monitor.minuteEnds(),
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
  const timekeeper = createTimekeeper(clock, azure.agenda, kept, store, (hub) => newestEvent(hub, azure))
  const arm = createArm(azure, tokens, createThrottle(world.buckets, clock), store)
  const faults = createFaults(world.faults, azure.draw)
  const network = createNetwork(azure)
  const services: DataService[] = []
  const data = createData({ azure, network, faults, journal, tokens, store, services })
  const monitor = createMonitor(azure)
  const { tally, answered: onAnswered } = monitor
  const monitorDoors = createMonitorDoors(azure, tokens)
  const gateway = createGateway({
    azure,
    tokens,
    send: data.send,
    reaches: (host, from) => !isUnreached(network.dial(from, host, 443)),
    onAnswered,
  })
  services.push(
    gateway,
    {
      plane: 'model',
      ...createModels({ azure, tokens, capacityShare: faults.capacityShare, send: data.send, tally }),
    },
    monitorDoors,
    createUnplayed(azure, tokens, network),
  )
  const traffic = createTraffic({ azure, send: data.send, network, timekeeper })
  return {
    azure,
    clock,
    timekeeper,
    tokens,
    arm,
    faults,
    journal,
    network,
    data,
    gateway,
    traffic,
    monitor: monitorDoors,
    store,
  }
}

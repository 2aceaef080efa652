import { type Dial, dialAt } from './dial.ts'
import { askNamesOf } from './names.ts'
import { carryConnections } from './sockets.ts'

/**
 * Puts this process into a subnet of the simulated network, as Azure puts a function app into its own: names resolve as they do there,
 * connections go where its routes and rules let them, and this machine stays reachable. Only TCP is carried.
 * @returns the way out, for tests
 */
export function joinNetwork({ azure, dns, subnet }: { azure: string; dns: string; subnet?: string }) {
  const dial = dialAt(azure, subnet)
  const ways = [askNamesOf(dns, subnet ? addressesBy(dial) : undefined), carryConnections(dial)]
  return () => {
    for (const leave of ways) leave()
  }
}

/** The address under which a name is dialled, whether anybody answers there or not. */
const addressesBy = (dial: Dial) => async (name: string) => (await dial(name, 443)).address

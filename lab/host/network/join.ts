import { dialAt } from './dial.ts'
import { askNamesOf } from './names.ts'
import { carryConnections } from './sockets.ts'

/**
 * Puts this process into a subnet of the simulated network, as Azure puts a function app into its own: names resolve as they do there,
 * connections go where its routes and rules let them, and this machine stays reachable. Only TCP is carried.
 * @returns the way out, for tests
 */
export function joinNetwork({ azure, dns, subnet }: { azure: string; dns: string; subnet?: string }) {
  const ways = [askNamesOf(dns), carryConnections(dialAt(azure, subnet))]
  return () => {
    for (const leave of ways) leave()
  }
}

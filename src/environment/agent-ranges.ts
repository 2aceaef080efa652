import type { Fault } from './fault.ts'
import { overlap, type Range, range, within } from './ranges.ts'

/** Private addresses; of these 10/8 works only in some regions, which is for preflight to say and not for the document's reader. */
const allowed = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(range)

/** Ranges that Foundry's own network uses (azure-facts 1.1). */
const taken = [
  '169.254.0.0/16',
  '172.30.0.0/16',
  '172.31.0.0/16',
  '192.0.2.0/24',
  '0.0.0.0/8',
  '127.0.0.0/8',
  '100.100.0.0/17',
  '100.100.192.0/19',
  '100.100.224.0/19',
  '100.64.0.0/11',
].map(range)

const remedy = 'choose a range in 192.168.0.0/16 or 172.16.0.0/13'

/** Why Foundry refuses a range for agents; undefined: it takes it. */
export function refusedByFoundry(agents: Range): string | undefined {
  const hit = taken.find((it) => overlap(it, agents))
  if (hit) return `${agents.text} overlaps ${hit.text}, which Foundry uses itself`
  return allowed.some((it) => within(agents, it))
    ? undefined
    : `${agents.text} is not a private range: Foundry takes no other`
}

/** What Foundry refuses of an agents' subnet; nothing else in the network is bound by it. */
export function agentRangeFaults(agents: Range | undefined): Fault[] {
  const problem = agents && refusedByFoundry(agents)
  return agents && problem ? [{ path: agents.path, problem, remedy }] : []
}

import { refusedByFoundry } from '../environment/agent-ranges.ts'
import { range, within } from '../environment/ranges.ts'
import { type Check, inDocument } from './check.ts'
import { agentsPath, classA, ofRange } from './range-rules.ts'

/** The agents' subnet: Foundry is choosier than Azure (azure-facts 1.1). */

export const agentRangeRules: Check[] = [
  {
    code: 'NET-007',
    title: 'the agents’ range is one that Foundry takes',
    why: 'Foundry refuses these ranges for agents, some only after minutes: its own network uses them.',
    remedy: 'choose a range in 192.168.0.0/16 or 172.16.0.0/13',
    severity: 'FAIL',
    run: ({ document }) => ofRange(document, agentsPath, refusedByFoundry),
  },
  {
    code: 'NET-008',
    title: 'the agents’ range works in every region',
    why: 'Ranges in 10.0.0.0/8 are taken for agents in some regions only.',
    remedy: 'choose a range in 192.168.0.0/16 or 172.16.0.0/13, or make sure that the region takes it',
    severity: 'WARN',
    run: ({ document }) =>
      ofRange(document, agentsPath, (own) =>
        within(own, classA) ? `${own.text} is in 10.0.0.0/8, which not every region takes` : undefined,
      ),
  },
  {
    code: 'NET-009',
    title: 'the agents’ subnet is of the size Foundry recommends',
    why: 'Agents take an address for every ten sessions or so; at 80 % their data proxy begins to answer with 5xx.',
    remedy: 'use a /24',
    severity: 'WARN',
    run: ({ document }) =>
      ofRange(document, agentsPath, ({ prefix }) =>
        prefix > 24 ? `/${prefix} is smaller than /24` : undefined,
      ),
  },
  {
    code: 'NET-010',
    title: 'the agents’ block has room for the app beside the agents',
    why: 'The agents’ subnet takes one owner: the app needs one of its own in the same block.',
    remedy: 'widen the block, or make the agents’ subnet half of it',
    severity: 'FAIL',
    run: ({ document: { network } }) =>
      network.agents && range(network.agents.block).prefix === range(network.agents.subnet).prefix
        ? [inDocument('network.agents.block', 'is taken by the agents’ subnet whole')]
        : [],
  },
]

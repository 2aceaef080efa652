import { listText } from '../preflight/words.ts'
import type { DraftAccount, DraftData } from './draft.ts'
import type { Tell } from './note.ts'

/** Accounts say that they run agents only where a document may say so: with a project, the data services, and in the network's location. */
export const withAgents = (
  accounts: DraftAccount[],
  data: DraftData,
  location: string,
  tell: Tell,
): DraftAccount[] =>
  accounts.map((account) => {
    if (!account.agents) return account
    const lacks = [
      ...(account.project === undefined ? ['a project'] : []),
      ...(['storage', 'search', 'cosmos'] as const).filter((service) => data[service] === undefined),
      ...(account.location === location ? [] : [`the location ${location}`]),
    ]
    if (lacks.length === 0) return account
    tell({
      is: 'left out',
      path: 'foundry.accounts[].agents',
      message: `${account.name} has an agents’ subnet, and lacks what a document demands with agents: ${listText(lacks)}`,
      remedy:
        'name these in the document and add agents: true; until then the subnet stays with the account as it is',
    })
    const { agents: _, ...others } = account
    return others
  })

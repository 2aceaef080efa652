import type { Fault } from './fault.ts'
import { at, isRecord, items, repeated, textAt } from './raw.ts'

/** What must hold between accounts, the agents' network and the data services. */
export function foundryFaults(raw: unknown): Fault[] {
  const accounts = items(raw, 'foundry.accounts')
  const withAgents = accounts.filter(({ value }) => at(value, 'agents') === true)
  return [
    ...repeated(accounts, ({ value }) => textAt(value, 'name')).map(({ path }) => ({
      path: `${path}.name`,
      problem: 'is the name of an earlier account too',
      remedy: 'give each account its own name',
    })),
    ...accounts.flatMap(({ path, value }) =>
      repeated(
        items(value, 'deployments'),
        (it) => textAt(it.value, 'name') ?? textAt(it.value, 'model'),
      ).map((it) => ({
        path: `${path}.${it.path}.${textAt(it.value, 'name') === undefined ? 'model' : 'name'}`,
        problem: 'is the name of an earlier deployment of this account too',
        remedy: 'give it a name of its own',
      })),
    ),
    ...withAgents.slice(1).map(({ path }) => ({
      path: `${path}.agents`,
      problem: 'the agents’ subnet takes one account, and an earlier one has it',
      remedy: 'run agents in one account of this environment',
    })),
    ...withAgents.flatMap(({ path, value }) => agentFaults(raw, path, value)),
  ]
}

function agentFaults(raw: unknown, path: string, account: unknown): Fault[] {
  const faults: Fault[] = []
  if (at(raw, 'network.agents') === undefined)
    faults.push({
      path: `${path}.agents`,
      problem: 'agents need a subnet of their own',
      remedy: 'add network.agents, or run no agents',
    })
  if (at(account, 'project') === undefined)
    faults.push({
      path: `${path}.project`,
      problem: 'is missing: agents live in a project',
      remedy: 'name the project',
    })
  const [own, shared] = [textAt(account, 'location'), textAt(raw, 'location')]
  if (own !== undefined && shared !== undefined && own !== shared)
    faults.push({
      path: `${path}.location`,
      problem: `is ${own}, but the agents’ subnet is in ${shared}`,
      remedy: 'run agents in an account of the network’s location',
    })
  // All three or none is Azure's rule, and agents in a network of one's own cannot have none.
  for (const service of ['storage', 'search', 'cosmos'])
    if (at(raw, `data.${service}`) === undefined)
      faults.push({
        path: `data.${service}`,
        problem: 'is missing: agents keep files, vectors and threads in services of yours',
        remedy: `name the ${service} service, as text or as { existing: true, name }`,
      })
  return faults
}

/** One role once for each: a second line would be a second assignment of the same. */
export const accessFaults = (raw: unknown): Fault[] =>
  repeated(items(raw, 'access'), ({ value }) =>
    isRecord(value) ? `${textAt(value, 'principal')} ${textAt(value, 'as')}` : undefined,
  ).map(({ path }) => ({
    path: `${path}.principal`,
    problem: 'has this access already',
    remedy: 'name each principal once',
  }))

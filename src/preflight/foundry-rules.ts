import { type Check, inDocument } from './check.ts'
import { anyName, globalNames } from './declared.ts'
import { isSameName, listText } from './words.ts'

/** Foundry accounts and the names of services, as far as the document alone tells. */

/** Azure refuses these in names that become host names: the first two anywhere, the next two at the beginning, the rest as the whole name. */
const anywhere = ['microsoft', 'windows']
const atStart = ['login', 'xbox']
const whole = new Set(
  'access azure bing bizspark biztalk cortana directx dotnet dynamics excel exchange forefront groove hololens hyperv kinect lync msdn o365 office office365 onedrive onenote outlook powerpoint sharepoint skype visio visualstudio'.split(
    ' ',
  ),
)
const reserved = (name: string): string | undefined => {
  const lower = name.toLowerCase()
  return whole.has(lower)
    ? lower
    : (anywhere.find((word) => lower.includes(word)) ?? atStart.find((word) => lower.startsWith(word)))
}

/** A connection's name has 33 characters at most, and begins with `account-`. */
const longestForConnection = 25

export const foundryRules: Check[] = [
  {
    code: 'FND-001',
    title: 'one account runs agents, in a subnet of its own',
    why: 'The agents’ subnet takes one account; the second is refused after minutes.',
    remedy: 'set agents: true on one account, and add network.agents',
    severity: 'FAIL',
    run: ({ document: { foundry, network } }) => {
      const agents = foundry.accounts.filter((account) => account.agents)
      return [
        ...(agents.length > 1
          ? [inDocument('foundry.accounts', `${listText(agents.map(({ name }) => name))} all run agents`)]
          : []),
        ...(agents.length > 0 && !network.agents
          ? [inDocument('network.agents', 'is missing, and an account runs agents')]
          : []),
      ]
    },
  },
  {
    code: 'FND-002',
    title: 'the account with the agents is where the network is',
    why: 'Agents join a subnet, and a subnet is in one region: Azure refuses the account.',
    remedy: 'put the account with agents into the document’s location',
    severity: 'FAIL',
    run: ({ document: { foundry, location } }) =>
      foundry.accounts.flatMap((account, index) =>
        account.agents && account.location !== location
          ? [
              inDocument(
                `foundry.accounts[${index}].location`,
                `is ${account.location}, the network is in ${location}`,
              ),
            ]
          : [],
      ),
  },
  {
    code: 'FND-003',
    title: 'the agents have their three stores',
    why: 'A capability host takes storage, search and Cosmos DB together; with some of them it fails after minutes.',
    remedy: 'name storage, search and cosmos in data',
    severity: 'FAIL',
    run: ({ document: { data, foundry } }) => {
      const absent = (['storage', 'search', 'cosmos'] as const).filter((name) => !anyName(data[name]))
      return foundry.accounts.some(({ agents }) => agents) && absent.length > 0
        ? [inDocument('data', `has no ${listText(absent)}`)]
        : []
    },
  },
  {
    code: 'FND-004',
    title: 'agents have a project to live in',
    why: 'Agents, their connections and their capability host belong to a project; without one nothing can run.',
    remedy: 'add project to the account',
    severity: 'FAIL',
    run: ({ document: { foundry } }) =>
      foundry.accounts.flatMap((account, index) =>
        account.agents && !account.project
          ? [inDocument(`foundry.accounts[${index}].project`, 'is missing, and the account runs agents')]
          : [],
      ),
  },
  {
    code: 'FND-005',
    title: 'every account has a deployment',
    why: 'An account without models answers every call with a 404.',
    remedy: 'add deployments, or leave the account out',
    severity: 'WARN',
    run: ({ document: { foundry } }) =>
      foundry.accounts.flatMap((account, index) =>
        account.deployments.length === 0 && !account.existing
          ? [inDocument(`foundry.accounts[${index}].deployments`, `${account.name} has none`)]
          : [],
      ),
  },
  {
    code: 'NAM-001',
    title: 'no name contains a word Azure keeps for itself',
    why: 'Names that become host names may not contain trademarks: Azure answers ReservedResourceName.',
    remedy: 'choose another name',
    severity: 'FAIL',
    run: ({ document }) =>
      globalNames(document).flatMap(({ path, name }) => {
        const word = reserved(name)
        return word ? [inDocument(path, `${name} contains ${word}`)] : []
      }),
  },
  {
    code: 'NAM-002',
    title: 'no two services have one name',
    why: 'Their host names differ in the suffix alone: in logs, alerts and certificates one is taken for the other.',
    remedy: 'let each name say what it is, such as contoso-apim and contoso-search',
    severity: 'WARN',
    run: ({ document }) =>
      globalNames(document).flatMap(({ path, name }, index, all) => {
        const other = all.slice(0, index).find((before) => isSameName(before.name, name))
        return other ? [inDocument(path, `is ${name}, as ${other.path} is`)] : []
      }),
  },
  {
    code: 'NAM-003',
    title: 'connections can be named after the accounts they lead to',
    why: 'A connection’s name has at most 33 characters: of a longer name people see the beginning and a hash.',
    remedy: `keep account names to ${longestForConnection} characters`,
    severity: 'WARN',
    run: ({ document }) =>
      globalNames(document)
        .filter(({ path, name }) => path.startsWith('foundry.') && name.length > longestForConnection)
        .map(({ path, name }) => inDocument(path, `${name} has ${name.length} characters`)),
  },
]

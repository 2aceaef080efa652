import { type Check, inDocument } from './check.ts'
import { listText, secondsOf } from './words.ts'

/** How often is asked of whom, and who may ask. */

const longestModelProbeSeconds = 3600
const shortestAgentProbeSeconds = 300
const fastestNetworkProbeSeconds = 60
/** Of a unit of capacity (azure-facts 11); reasoning models have fewer. */
const requestsPerUnit = 6

export const probeRules: Check[] = [
  {
    code: 'PRB-001',
    title: 'probing the models leaves their quota to callers',
    why: 'A unit of capacity is about six requests a minute; probes that use a tenth of it cause throttling themselves.',
    remedy: 'probe models less often, or give the deployment more capacity',
    severity: 'WARN',
    run: ({ document: { probes, foundry } }) => {
      const perMinute = 60 / secondsOf(probes.models)
      return foundry.accounts.flatMap((account, index) =>
        account.deployments
          .filter(
            ({ sku, capacity }) =>
              !sku.includes('Provisioned') && perMinute > (capacity * requestsPerUnit) / 10,
          )
          .map(({ name, capacity }) =>
            inDocument(
              `foundry.accounts[${index}].deployments`,
              `${name} of ${account.name} allows about ${capacity * requestsPerUnit} requests a minute, and is probed every ${probes.models}`,
            ),
          ),
      )
    },
  },
  {
    code: 'PRB-002',
    title: 'agent probes have time to end before the next begins',
    why: 'An agent run takes minutes and tokens; begun too often, runs pile up and measure each other.',
    remedy: 'set probes.agents to 5m or more',
    severity: 'WARN',
    run: ({ document: { probes } }) =>
      secondsOf(probes.agents) < shortestAgentProbeSeconds
        ? [inDocument('probes.agents', `is ${probes.agents}: a run may take longer than that`)]
        : [],
  },
  {
    code: 'PRB-003',
    title: 'models are probed often enough for proof to stay fresh',
    why: 'Proven means called a little while ago; with hours between two calls an outage is told by callers first.',
    remedy: 'set probes.models to an hour or less',
    severity: 'WARN',
    run: ({ document: { probes } }) =>
      secondsOf(probes.models) > longestModelProbeSeconds
        ? [inDocument('probes.models', `is ${probes.models}: proof would be older than an hour`)]
        : [],
  },
  {
    code: 'PRB-004',
    title: 'network probes are no faster than the clock that runs them',
    why: 'Probes run from a timer that fires once a minute; what is asked for more often is not done more often.',
    remedy: 'set probes.network to 60s',
    severity: 'WARN',
    run: ({ document: { probes } }) =>
      secondsOf(probes.network) < fastestNetworkProbeSeconds
        ? [inDocument('probes.network', `is ${probes.network}: the timer fires every minute`)]
        : [],
  },
  {
    code: 'PRB-005',
    title: 'there are canary identities to prove roles with',
    why: 'Roles are proven by calling as an identity that has them and as one that has none; without both they are assigned and not proven.',
    remedy: 'deploy infra with its probe identities and set them in the app settings',
    severity: 'WARN',
    run: ({ document, surroundings }) =>
      document.foundry.accounts.length > 0 && !surroundings.probeIdentities
        ? [inDocument('probes', 'no canary identities are in the app settings')]
        : [],
  },
  {
    code: 'ACC-001',
    title: 'every principal has one type',
    why: 'Azure refuses a role assignment whose principal type is not the principal’s own.',
    remedy: 'look the principal up in Entra ID and keep the entry with its own type',
    severity: 'FAIL',
    run: ({ document }) =>
      [...Map.groupBy(document.access, ({ principal }) => principal.toLowerCase()).values()].flatMap(
        (entries) => {
          const types = [...new Set(entries.map(({ type }) => type))]
          return types.length > 1
            ? [inDocument('access', `${entries[0]?.principal} is listed as ${listText(types)}`)]
            : []
        },
      ),
  },
  {
    code: 'ACC-002',
    title: 'nobody has been given to the identity that must have nothing',
    why: 'The canary without roles proves that what must be denied is denied; with a role it proves nothing.',
    remedy: 'take the principal out of access',
    severity: 'FAIL',
    run: ({ document, surroundings: { probeIdentities } }) =>
      document.access.flatMap(({ principal }, index) =>
        principal.toLowerCase() === probeIdentities?.nobody.principalId.toLowerCase()
          ? [inDocument(`access[${index}].principal`, 'is the canary that must have no role')]
          : [],
      ),
  },
  {
    code: 'ACC-003',
    title: 'whoever may use responses finds the data they need',
    why: 'A user of responses needs files and an index; where the document names none, only part of the roles is given.',
    remedy: 'add data.storage and data.search, or expect chat only',
    severity: 'WARN',
    run: ({ document: { access, data } }) => {
      const absent = (['storage', 'search'] as const).filter((name) => data[name] === undefined)
      return access.length > 0 && absent.length > 0
        ? [inDocument('access', `grants responses, and the document has no ${listText(absent)}`)]
        : []
    },
  },
]

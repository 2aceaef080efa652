import { birthOf, identityShown } from '../../arm/identities.ts'
import { nameOf } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { iso } from '../../clock.ts'
import { startAccountHost } from './account-host.ts'
import { accountBlocked, checkAccount } from './account-rules.ts'
import { Account, agentSubnetOf } from './account-shape.ts'
import { accountState, accountUnready } from './account-state.ts'
import { holdSubnet } from './agent-subnet.ts'
import { ACCOUNT, COMMON, IN_TURN, PROJECT } from './common.ts'
import { bury, restored } from './deleted-accounts.ts'
import { endpointsOf, privateNamesOf } from './endpoints.ts'

export const accounts: Kind = defineKind<Account>({
  ...COMMON,
  ...IN_TURN,
  type: ACCOUNT,
  since: '2017-04-18',
  region: 'own',
  shape: Account,
  readOnly: [
    'endpoint',
    'endpoints',
    'internalId',
    'dateCreated',
    'callRateLimit',
    'capabilities',
    'isMigrated',
    'quotaLimit',
    'deletionDate',
    'scheduledPurgeDate',
    'defaultProject',
    'associatedProjects',
  ],
  revived: (draft, before, azure) => {
    if (!before) return restored(draft, azure)
    // Set once and for all: a PUT without it does not take it away.
    const { customSubDomainName } = before.properties
    return {
      ...draft,
      properties: { ...(customSubDomainName ? { customSubDomainName } : {}), ...draft.properties },
    }
  },
  born: ({ id, createdAt }, azure) => ({
    dateCreated: iso(createdAt),
    internalId: azure.draw.uuid('internalId', id.toLowerCase(), birthOf(id, azure)).replaceAll('-', ''),
  }),
  check: checkAccount,
  settled: (account, verb, azure) => {
    if (verb === 'delete') return {}
    if (!holdSubnet(account, azure))
      return {
        failed: {
          code: 'SubnetNotFound',
          message: `The subnet '${agentSubnetOf(account)}' could not be found.`,
        },
      }
    if (agentSubnetOf(account)) startAccountHost(account.id, azure)
    return endpointsOf(account)
  },
  shown: (account, azure) => {
    const projects = azure.children(account.id, PROJECT).map(({ id }) => nameOf(id))
    return {
      ...identityShown(account as unknown as Resource, azure),
      properties: {
        provisioningState: accountState(account as unknown as Resource, azure),
        isMigrated: false,
        ...(projects.length ? { defaultProject: projects[0], associatedProjects: projects } : {}),
      },
    }
  },
  blocked: accountBlocked,
  privateLink: {
    groups: (account) => ({ account: privateNamesOf(account) }),
    unready: (account, azure) => accountUnready(account as unknown as Resource, azure),
  },
  gone: (account, azure) => bury(account as unknown as Resource, azure),
})

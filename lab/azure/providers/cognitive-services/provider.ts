import type { Provider } from '../../arm/kind.ts'
import { accounts } from './accounts.ts'
import { releaseSubnet } from './agent-subnet.ts'
import { accountHosts, projectHosts } from './capability-hosts.ts'
import { ACCOUNT, NAMESPACE, PROJECT } from './common.ts'
import { accountConnections, projectConnections } from './connections.ts'
import { deletedAccounts } from './deleted-accounts.ts'
import { deployments } from './deployments.ts'
import { listKeys } from './keys.ts'
import { lists } from './lists.ts'
import { projects } from './projects.ts'

/** Registered with the subscription, as agents need them (azure-facts 1.1), and otherwise not simulated. */
export const companions: Provider[] = [
  'Microsoft.App',
  'Microsoft.ContainerService',
  'Microsoft.MachineLearningServices',
].map((namespace) => ({ namespace, kinds: [] }))

export const cognitiveServices: Provider = {
  namespace: NAMESPACE,
  kinds: [
    accounts,
    deletedAccounts,
    deployments,
    projects,
    accountConnections,
    projectConnections,
    accountHosts,
    projectHosts,
  ],
  actions: [...lists, listKeys],
  due: { releaseSubnet },
  later: [`${ACCOUNT}/`, `${PROJECT}/`],
}

import type { Azure } from '../../arm/azure.ts'
import { keyOf, nameOf } from '../../arm/ids.ts'
import type { Asynchrony } from '../../arm/kind.ts'
import { startOperation } from '../../arm/operations.ts'
import { agentSubnetOf } from './account-shape.ts'
import { ACCOUNT_HOST, IN_BODY } from './common.ts'

/** Its status says nothing for minutes, but for a complaint that means nothing. */
export const SILENT: Asynchrony = {
  ...IN_BODY,
  headers: ['Azure-AsyncOperation'],
  retryAfterSeconds: 30,
  murmur: {
    chance: 0.1,
    fault: {
      code: 'TransientError',
      message: 'A transient error occurred while the capability host was being set up.',
    },
  },
}

/** The host that comes with network injection, hidden from who made the account. */
export function startAccountHost(accountId: string, azure: Azure): void {
  const id = `${accountId}/capabilityHosts/${nameOf(accountId)}@aml_aiagentservice`
  const lifecycle = azure.lifecycle(ACCOUNT_HOST, 'create')
  if (azure.children(accountId, ACCOUNT_HOST).length > 0) return
  const now = azure.clock.now()
  const account = azure.find(accountId)
  const resource = azure.keep({
    id,
    type: ACCOUNT_HOST,
    beside: {},
    properties: { capabilityHostKind: 'Agents', customerSubnet: account && agentSubnetOf(account) },
    assigned: {},
    state: lifecycle?.state ?? 'Creating',
    revision: 0,
    createdAt: now,
    visibleAt: now,
    settledAt: null,
  })
  startOperation(
    {
      verb: 'create',
      resource,
      members: [id],
      locks: [keyOf(id)],
      attempt: azure.attempt(`create ${id}`),
      seconds: lifecycle?.seconds ?? [0, 0],
      slower: 1,
      stuck: false,
      fate: null,
      retryAfterSeconds: SILENT.retryAfterSeconds,
    },
    azure,
  )
}

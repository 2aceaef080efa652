import type { Resource } from '../resources/kind.ts'
import { type Check, inWorld, type Said, type Subject } from './check.ts'
import { listed, type Question } from './facts.ts'
import { grantsOf, isAllowed, typeOf } from './permissions.ts'
import { ask, groupId, subscriptionId } from './questions.ts'
import { isSameName } from './words.ts'

/** Is the app's identity allowed to do what the document asks (azure-facts 8.4)? */

const roleAssignments = 'Microsoft.Authorization/roleAssignments'

/** Only what lies in the group is judged by the permissions in the group. */
const inGroup = (it: Subject, picked: (resource: Resource) => boolean): Resource[] =>
  it.resources.filter(
    (resource) => picked(resource) && resource.id.toLowerCase().startsWith(`${groupId(it).toLowerCase()}/`),
  )
const typesOf = (resources: Resource[]): string[] => [...new Set(resources.map(({ id }) => typeOf(id)))]

const lacking = (it: Subject, question: Question, scope: string, actions: string[]): Said[] =>
  actions.length === 0
    ? []
    : listed(it.facts, question, (entries) => {
        const grants = grantsOf(entries)
        return actions
          .filter((action) => !isAllowed(grants, action))
          .map((action) => inWorld(scope, `the app’s identity may not ${action}`))
      })
const lackingInGroup = (it: Subject, actions: string[]): Said[] =>
  lacking(it, ask.permissions(it), groupId(it), actions)

/** Azure purges what it soft-deletes by subscription and location. */
const purges: Record<string, string> = {
  'api-management': 'Microsoft.ApiManagement/locations/deletedservices/delete',
  account: 'Microsoft.CognitiveServices/locations/resourceGroups/deletedAccounts/delete',
  'key-vault': 'Microsoft.KeyVault/locations/deletedVaults/purge/action',
}

export const permissionRules: Check[] = [
  {
    code: 'PER-001',
    title: 'the app may write everything the document has',
    why: 'A missing permission stops the operation where it is met, which may be an hour into it (AuthorizationFailed).',
    remedy: 'give the app’s identity Contributor on the resource group',
    severity: 'FAIL',
    run: (it) =>
      lackingInGroup(
        it,
        typesOf(inGroup(it, ({ existing }) => !existing))
          .filter((type) => !isSameName(type, roleAssignments))
          .map((type) => `${type}/write`),
      ),
  },
  {
    code: 'PER-002',
    title: 'the app may read everything the document has',
    why: 'What cannot be read is never written: the operation waits for it until it gives up.',
    remedy: 'give the app’s identity Reader on the resource group',
    severity: 'FAIL',
    run: (it) =>
      lackingInGroup(
        it,
        typesOf(inGroup(it, () => true)).map((type) => `${type}/read`),
      ),
  },
  {
    code: 'PER-003',
    title: 'the app may assign roles',
    why: 'Contributor may not: without the roles the gateway gets 401 from the models, and agents do not start.',
    remedy:
      'give the app’s identity Role Based Access Control Administrator on the group, with a condition on the roles',
    severity: 'FAIL',
    run: (it) =>
      lackingInGroup(
        it,
        inGroup(it, ({ kind, existing }) => kind === 'role-assignment' && !existing).length > 0
          ? [`${roleAssignments}/write`]
          : [],
      ),
  },
  {
    code: 'PER-004',
    title: 'the app may join things to the network',
    why: 'Putting something into a subnet needs a right on the subnet too (LinkedAuthorizationFailed).',
    remedy: 'give the app’s identity Network Contributor on the network',
    severity: 'FAIL',
    run: (it) =>
      lackingInGroup(it, [
        'Microsoft.Network/virtualNetworks/subnets/join/action',
        'Microsoft.Network/networkSecurityGroups/join/action',
        'Microsoft.Network/publicIPAddresses/join/action',
        'Microsoft.Network/privateDnsZones/join/action',
        'Microsoft.Network/virtualNetworks/join/action',
      ]),
  },
  {
    code: 'PER-005',
    title: 'the app may approve its own private endpoints',
    why: 'Without the right on the target an endpoint stays Pending until a person approves it.',
    remedy: 'give the app’s identity Contributor on the targets, or have somebody approve the connections',
    severity: 'WARN',
    run: (it) => {
      const targets = inGroup(
        it,
        ({ key }) =>
          it.resources.some(
            ({ kind, dependsOn }) => kind === 'private-endpoint' && dependsOn.includes(key),
          ) && /^(account|storage|search|cosmos|key-vault)\//.test(key),
      )
      return lackingInGroup(
        it,
        typesOf(targets).map((type) => `${type}/privateEndpointConnectionsApproval/action`),
      )
    },
  },
  {
    code: 'PER-006',
    title: 'the app may take away what it makes',
    why: 'What it may make and not delete, destroy leaves behind, and a repair that replaces stops half-way.',
    remedy: 'give the app’s identity Contributor on the resource group',
    severity: 'WARN',
    run: (it) =>
      lackingInGroup(
        it,
        typesOf(inGroup(it, ({ existing }) => !existing)).map((type) => `${type}/delete`),
      ),
  },
  {
    code: 'PER-007',
    title: 'the app may purge what Azure keeps of deleted services',
    why: 'The right is the subscription’s: without it, names and the agents’ subnet stay held for 48 hours after a removal.',
    remedy: 'give the app’s identity a role on the subscription with these actions, or purge by hand',
    severity: 'WARN',
    run: (it) => {
      const kinds = new Set(it.resources.filter(({ existing }) => !existing).map(({ kind }) => kind))
      const actions = Object.entries(purges).flatMap(([kind, action]) => (kinds.has(kind) ? [action] : []))
      return lacking(it, ask.permissionsAbove(it), subscriptionId(it), actions)
    },
  },
]

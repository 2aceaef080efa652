import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { badRequest } from '../../arm/errors.ts'
import { keyOf, nameOf, parentOf } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { etagOf } from '../../arm/show.ts'
import { CHILD, COMMON, referrersAs, resourceGuid } from './common.ts'
import { DEFAULT_RULES, isAddress, isPortRange, Rule } from './rules.ts'

const RULES = 'Microsoft.Network/networkSecurityGroups/securityRules'

export const securityRules: Kind = defineKind<Rule>({
  ...CHILD,
  type: RULES,
  shape: Rule,
  readOnly: [],
  locks: (id) => [parentOf(id)],
  check: (draft, _before, azure) => {
    const { priority, direction } = draft.properties
    if (priority < 100 || priority > 4096)
      throw badRequest(
        'SecurityRuleInvalidPriority',
        `Security rule has invalid Priority. Value provided: ${priority} Allowed range 100-4096. Resource: ${draft.id}.`,
      )
    const twin = azure
      .children(parentOf(draft.id), RULES)
      .find(
        ({ id, properties }) =>
          keyOf(id) !== keyOf(draft.id) &&
          properties['priority'] === priority &&
          properties['direction'] === direction,
      )
    if (twin)
      throw badRequest(
        'SecurityRuleConflict',
        `Security rule ${nameOf(draft.id)} conflicts with rule ${nameOf(twin.id)}. Rules cannot have the same Priority and Direction. To learn more, see aka.ms/nsgrules.`,
      )
    checkEnds(draft)
  },
})

export const networkSecurityGroups: Kind = defineKind({
  ...COMMON,
  type: 'Microsoft.Network/networkSecurityGroups',
  shape: z.looseObject({}),
  readOnly: ['resourceGuid', 'defaultSecurityRules', 'subnets', 'networkInterfaces', 'flowLogs'],
  inline: [{ property: 'securityRules', type: RULES, omitted: 'remove' }],
  born: resourceGuid,
  blocked: ({ id }, azure) => {
    const [subnet] = referrersAs(id, 'subnets', azure)
    return (
      subnet &&
      badRequest(
        'InUseNetworkSecurityGroupCannotBeDeleted',
        `Network security group ${id} cannot be deleted because it is in use by the following resources: ${subnet.id}. In order to delete the Network security group, remove the association with the resource(s).`,
      )
    )
  },
  shown: (group, azure) => {
    const subnets = referrersAs(group.id, 'subnets', azure)
    return {
      properties: {
        defaultSecurityRules: defaultRules(group, azure),
        ...(subnets.length ? { subnets } : {}),
      },
    }
  },
})

function checkEnds({ id, properties }: Resource<Rule>): void {
  const ends = ['source', 'destination'] as const
  for (const end of ends) {
    const addresses = [properties[`${end}AddressPrefix`], ...properties[`${end}AddressPrefixes`]].filter(
      (address) => address !== undefined,
    )
    const badAddress = addresses.find((address) => !isAddress(address))
    const groups = properties[`${end}ApplicationSecurityGroups`] ?? []
    if (badAddress !== undefined || addresses.length + groups.length === 0)
      throw badRequest(
        'SecurityRuleInvalidAddressPrefix',
        `Security rule has invalid Address prefix. Value provided: ${badAddress ?? ''} Resource: ${id}.`,
      )
    const ports = [properties[`${end}PortRange`], ...properties[`${end}PortRanges`]].filter(
      (range) => range !== undefined,
    )
    const badPort = ports.find((range) => !isPortRange(range))
    if (badPort !== undefined || ports.length === 0)
      throw badRequest(
        'SecurityRuleInvalidPortRange',
        `Security rule has invalid Port range. Value provided: ${badPort ?? ''}. Value should be an integer OR integer range with '-' delimiter. Valid range 0-65535. Resource: ${id}.`,
      )
  }
}

const defaultRules = (group: Resource, azure: Azure) =>
  DEFAULT_RULES.map(({ name, ...properties }) => ({
    name,
    id: `${group.id}/defaultSecurityRules/${name}`,
    etag: etagOf(group, azure),
    type: 'Microsoft.Network/networkSecurityGroups/defaultSecurityRules',
    properties: { provisioningState: 'Succeeded', ...properties },
  }))

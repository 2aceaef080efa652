import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { badRequest, conflict } from '../../arm/errors.ts'
import { nameOf, parentOf, sameId } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { SILENT } from './account-host.ts'
import { agentSubnetOf } from './account-shape.ts'
import { checkProjectDone } from './account-state.ts'
import { checkConnectionsNamed, hostProblem, ProjectHost } from './capability-needs.ts'
import { ACCOUNT_HOST, COMMON, PROJECT_HOST } from './common.ts'

const AccountHost = z.looseObject({
  capabilityHostKind: z.enum(['Agents']).default('Agents'),
  customerSubnet: z.string().optional(),
})
type AccountHost = z.infer<typeof AccountHost>

const HOST = {
  ...COMMON,
  name: { pattern: /^[a-z0-9][a-z0-9_-]{0,254}$/i, most: 255 },
  since: '2025-04-01',
  methods: ['PUT', 'DELETE'],
  region: 'none',
  asynchrony: SILENT,
  busy: [
    {
      share: 1,
      refuse: (id: string) =>
        conflict(
          'Conflict',
          `The capability host '${nameOf(id)}' is being created, updated or deleted. Please try again later.`,
        ),
    },
  ],
} satisfies Partial<Kind>

export const accountHosts: Kind = defineKind<AccountHost>({
  ...HOST,
  type: ACCOUNT_HOST,
  shape: AccountHost,
  readOnly: [],
  check: (draft, before, azure) => {
    checkOnly(draft as unknown as Resource, before as unknown as Resource | undefined, azure)
    const account = azure.find(parentOf(draft.id))
    if (!before && account && agentSubnetOf(account))
      throw conflict(
        'Conflict',
        `The account '${nameOf(account.id)}' has network injections: its capability host is made by the platform.`,
      )
  },
  // Azure finds out while it is at it.
  settled: (_host, verb, azure) =>
    verb === 'delete' || azure.world.registrations.get('microsoft.app') === 'Registered'
      ? {}
      : {
          failed: {
            code: 'CapabilityHostOperationFailed',
            message: 'The subscription is not registered to use namespace Microsoft.App.',
          },
        },
  blocked: ({ id }, azure, { root }) => {
    const account = parentOf(id)
    const [host] = azure.under(account).filter(({ type }) => type === PROJECT_HOST)
    return host && sameId(root.id, id)
      ? conflict(
          'Conflict',
          `The capability host '${nameOf(id)}' is used by that of the project '${nameOf(parentOf(host.id))}'.`,
        )
      : undefined
  },
})

export const projectHosts: Kind = defineKind<ProjectHost>({
  ...HOST,
  type: PROJECT_HOST,
  shape: ProjectHost,
  readOnly: ['capabilityHostKind'],
  // What it needs has to be there when it starts; that it was not comes out at the end.
  revived: (draft, before, azure) =>
    before?.settledAt ? draft : { ...draft, hidden: { problem: hostProblem(draft, azure) ?? null } },
  check: (draft, before, azure) => {
    checkOnly(draft as unknown as Resource, before as unknown as Resource | undefined, azure)
    checkProjectDone(draft.id, azure)
    checkConnectionsNamed(draft, azure)
  },
  settled: ({ hidden }, verb) => {
    const problem = verb === 'delete' ? null : hidden?.['problem']
    return typeof problem === 'string'
      ? { failed: { code: 'CapabilityHostOperationFailed', message: problem } }
      : {}
  },
})

/** azure-facts 7.5: one in each account and project, which never changes. */
function checkOnly(draft: Resource, before: Resource | undefined, azure: Azure): void {
  const [other] = azure.children(parentOf(draft.id), draft.type).filter(({ id }) => !sameId(id, draft.id))
  if (other)
    throw conflict(
      'Conflict',
      `There is an existing Capability Host with name: ${nameOf(other.id)}, provisioning state: ${other.state}, cannot create a new Capability Host with name: ${nameOf(draft.id)} for the same ClientId.`,
    )
  if (before && !isDeepStrictEqual(before.properties, draft.properties))
    throw badRequest(
      'InvalidData',
      `The capability host '${nameOf(draft.id)}' exists with another configuration and cannot be updated.`,
    )
}

import { z } from 'zod'
import { badRequest, conflict } from '../../arm/errors.ts'
import { birthOf, identityShown } from '../../arm/identities.ts'
import { keyOf, nameOf } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { birthIdOf } from '../../models/accounts.ts'
import { forget } from '../../models/response-store.ts'
import { type Account, hasIdentity } from './account-shape.ts'
import { checkAtRest, unsettle } from './account-state.ts'
import { accountIdOf, COMMON, IN_TURN, PROJECT, PROJECT_HOST } from './common.ts'

const Project = z.looseObject({ displayName: z.string().optional(), description: z.string().optional() })
type Project = z.infer<typeof Project>

export const projects: Kind = defineKind<Project>({
  ...COMMON,
  ...IN_TURN,
  type: PROJECT,
  since: '2025-04-01',
  region: 'own',
  shape: Project,
  readOnly: ['internalId', 'endpoints', 'isDefault'],
  revived: (draft, before, azure) =>
    before ? draft : { ...draft, hidden: { birth: birthOf(draft.id, azure) } },
  born: ({ id }, azure) => ({
    internalId: azure.draw.uuid('internalId', keyOf(id), birthOf(id, azure)).replaceAll('-', ''),
  }),
  check: (draft, _before, azure) => {
    checkAtRest(draft.id, azure)
    const account = azure.find(accountIdOf(draft.id)) as unknown as Resource<Account>
    if (!account.properties.allowProjectManagement)
      throw badRequest(
        'InvalidResourceProperties',
        `The account '${nameOf(account.id)}' does not allow projects: allowProjectManagement is not set.`,
      )
    if (draft.location !== account.location)
      throw badRequest(
        'InvalidResourceProperties',
        `A project is in the region of its account, '${account.location}'.`,
        'location',
      )
    if (!hasIdentity(draft as unknown as Resource))
      throw badRequest('InvalidResourceProperties', 'A project requires a managed identity.', 'identity')
  },
  settled: (project, verb, azure) => {
    unsettle(project.id, azure)
    if (verb === 'delete') return {}
    const { customSubDomainName } = (azure.find(accountIdOf(project.id))?.properties ?? {}) as Account
    const host = (customSubDomainName ?? nameOf(accountIdOf(project.id))).toLowerCase()
    return {
      endpoints: {
        'AI Foundry API': `https://${host}.services.ai.azure.com/api/projects/${nameOf(project.id)}`,
      },
    }
  },
  shown: (project, azure) => {
    const [first] = azure.children(accountIdOf(project.id), PROJECT)
    return {
      ...identityShown(project as unknown as Resource, azure),
      properties: { isDefault: first?.id === project.id },
    }
  },
  gone: (project, azure) => forget(birthIdOf(project as unknown as Resource), azure),
  blocked: (project, azure, { root }) => {
    const [host] = azure.children(project.id, PROJECT_HOST)
    return host && root.id === project.id
      ? conflict(
          'Conflict',
          `The project '${nameOf(project.id)}' has the capability host '${nameOf(host.id)}'. Delete it first.`,
        )
      : undefined
  },
})

import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { checkAtRest, checkProjectDone, unsettle } from './account-state.ts'
import { ACCOUNT_CONNECTION, COMMON, IN_TURN, PROJECT_CONNECTION } from './common.ts'
import { Connection, checkConnection } from './connection-rules.ts'

const CONNECTION = {
  ...COMMON,
  name: { pattern: /^[a-z0-9][a-z0-9_-]{2,32}$/i, least: 3, most: 33 },
  since: '2025-04-01',
  region: 'none',
  shape: Connection,
  malformed: 'ValidationError',
  readOnly: ['createdByWorkspaceArmId', 'group', 'error'],
  stateless: true,
  // Keys go in and never come out.
  shown: ({ properties }: Resource<Connection>) => ({
    properties: { credentials: properties.authType === 'AAD' ? undefined : null, group: 'AzureAI' },
  }),
} satisfies Partial<Kind<Connection>>

export const accountConnections: Kind = defineKind<Connection>({
  ...CONNECTION,
  ...IN_TURN,
  type: ACCOUNT_CONNECTION,
  check: (draft, _before, azure) => {
    checkAtRest(draft.id, azure)
    checkConnection(draft)
  },
  settled: ({ id }, _verb, azure) => {
    unsettle(id, azure)
    return {}
  },
})

/** Inside a project: the account takes no notice. */
export const projectConnections: Kind = defineKind<Connection>({
  ...CONNECTION,
  busy: [],
  type: PROJECT_CONNECTION,
  check: (draft, _before, azure) => {
    checkProjectDone(draft.id, azure)
    checkConnection(draft)
  },
})

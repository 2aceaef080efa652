import type { Made } from '../resources/made.ts'
import { isProtected, protection } from '../resources/protection.ts'
import { expand } from './expand.ts'
import type { Document } from './schema.ts'
import { cloudOf, type Surroundings } from './surroundings.ts'
import { type Service, zonesOf } from './zones.ts'

/** Something that is no fault and no step, and that an operator should know before applying. */
export interface Note {
  /** A path of the document, an app setting, or a part of the live gateway. */
  about: string
  message: string
}

/**
 * What a document does not bring about in this installation, and what it lets go without asking. Pure.
 * @param inventory what this service made or has taken over
 */
export const notes = (document: Document, surroundings: Surroundings, inventory: Made[]): Note[] => [
  ...settingNotes(document, surroundings),
  ...zoneNotes(document, surroundings),
  ...agentNotes(document),
  ...conversationNotes(document),
  ...unprotectedNotes(document, surroundings, inventory),
]

/** Parts that the app's settings add: asked for by no field of the document, hence no fault. */
function settingNotes({ gateway, foundry }: Document, surroundings: Surroundings): Note[] {
  const { actionGroupId, workspaceId, probeIdentities, tenantId } = surroundings
  const members = gateway.pools.flatMap((pool) => pool.members).length
  const accounts = foundry.accounts.filter(({ existing }) => !existing).length
  const hasProjects = foundry.accounts.some(({ existing, project }) => !existing && project !== undefined)
  const unset = (is: boolean, about: string, message: string): Note[] =>
    is ? [{ about, message: `is not set (docs/settings.md): ${message}` }] : []
  return [
    ...unset(
      members > 0 && actionGroupId === undefined,
      'OPS_ACTION_GROUP_ID',
      `no alert on 429s is made for the ${members} members of pools`,
    ),
    ...unset(
      members + accounts > 0 && workspaceId === undefined,
      'OPS_WORKSPACE_ID',
      'no diagnostic setting is made, and the gateway logs nothing to a workspace',
    ),
    ...unset(
      members > 0 && probeIdentities === undefined,
      'OPS_PROBE_PRINCIPAL_ID',
      'with OPS_PROBE_CLIENT_ID, OPS_NOBODY_PRINCIPAL_ID and OPS_NOBODY_CLIENT_ID it gives the canary its roles and the gateway a second API; neither is made',
    ),
    ...unset(
      members > 0 && (probeIdentities !== undefined || hasProjects) && tenantId === undefined,
      'AZURE_TENANT_ID',
      'the gateway’s APIs for callers with a token, probes and agents, are not made',
    ),
  ]
}

/** Services whose endpoints get no private names, because nobody has said how they are called in this cloud. */
function zoneNotes({ foundry, data }: Document, surroundings: Surroundings): Note[] {
  const cloud = cloudOf(surroundings)
  const made: [Service, string, boolean][] = [
    ['account', 'foundry.accounts', foundry.accounts.some(({ existing }) => !existing)],
    ...(['storage', 'search', 'cosmos', 'keyVault'] as const).map((service): [Service, string, boolean] => [
      service,
      `data.${service}`,
      typeof data[service] === 'string',
    ]),
  ]
  return made
    .filter(([service, , isMade]) => isMade && zonesOf[cloud][service].length === 0)
    .map(([, about]) => ({
      about,
      message: `gets a private endpoint and no private name: its zone in ${cloud} is not known; give it one yourself`,
    }))
}

const agentNotes = ({ foundry }: Document): Note[] =>
  foundry.accounts.flatMap(({ existing, agents, name }, index) =>
    existing && agents
      ? [
          {
            about: `foundry.accounts[${index}].agents`,
            message: `${name} is somebody else’s: no connection, role or capability host for agents is made in it`,
          },
        ]
      : [],
  )

/** A stored response lives on the account that made it; a pool sends the next call anywhere (azure-facts 4.4). */
const conversationNotes = ({ gateway: { api, pools } }: Document): Note[] => {
  const wide = pools.filter(({ members }) => members.length > 1).map(({ name }) => name)
  return api.responses === 'stateless' && wide.length > 0
    ? [
        {
          about: 'gateway.api.responses',
          message: `is stateless over ${wide.join(', ')}: a conversation that the models remember (previous_response_id) breaks there; write sticky, or have callers send store: false`,
        },
      ]
    : []
}

/** What the document takes protection from. */
function unprotectedNotes(document: Document, surroundings: Surroundings, inventory: Made[]): Note[] {
  const [usual, said] = [undefined, document.protect].map((it) => protection(it, inventory))
  return expand(document, surroundings)
    .filter((resource) => isProtected(resource, usual) && !isProtected(resource, said))
    .map(({ key }) => ({
      about: `protect.${key}`,
      message: 'is off: a destroy takes it away without include=protected, and it is made again unasked',
    }))
}

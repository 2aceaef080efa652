import { ROLES } from './roles.ts'

const DATA = 'Microsoft.CognitiveServices/accounts'
const ALL = ['Microsoft.CognitiveServices/*']

/** What roles open on the data plane of models and projects. Owner, Contributor and the like have no data actions at all. */
export const DATA_ACTIONS: Record<string, string[]> = {
  'Cognitive Services OpenAI User': [
    `${DATA}/OpenAI/*/read`,
    `${DATA}/OpenAI/deployments/chat/completions/action`,
    `${DATA}/OpenAI/deployments/completions/action`,
    `${DATA}/OpenAI/deployments/embeddings/action`,
    `${DATA}/OpenAI/responses/*`,
  ],
  'Cognitive Services OpenAI Contributor': [`${DATA}/OpenAI/*`],
  'Azure AI Developer': [`${DATA}/OpenAI/*`],
  'Cognitive Services User': ALL,
  'Foundry User': ALL,
  'Foundry Project Manager': ALL,
  'Foundry Owner': ALL,
  'Foundry Agent Consumer': [
    `${DATA}/AIServices/agents/read`,
    `${DATA}/AIServices/responses/*`,
    `${DATA}/AIServices/conversations/*`,
  ],
}

const matches = (pattern: string, action: string) =>
  new RegExp(`^${pattern.replace(/[.]/g, '\\.').replaceAll('*', '.*')}$`, 'i').test(action)

const known = new Map<string, string[]>()

/** The GUIDs of the built-in roles that contain a data action. */
export function rolesGranting(dataAction: string): string[] {
  const before = known.get(dataAction)
  if (before) return before
  const guids = Object.entries(ROLES)
    .filter(([, name]) => DATA_ACTIONS[name]?.some((pattern) => matches(pattern, dataAction)))
    .map(([guid]) => guid)
  known.set(dataAction, guids)
  return guids
}

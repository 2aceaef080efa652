import { cognitiveServicesVersion } from './account.ts'
import { anyClient, type Kind, nameOf, type Resource } from './kind.ts'
import type { Place } from './place.ts'

/** Microsoft.CognitiveServices/accounts/projects: where agents live; its identity is theirs. */
export const project: Kind = {
  client: anyClient,
  apiVersion: cognitiveServicesVersion,
  lists: {},
  risks: { location: 'destructive', identity: 'destructive' },
  neverSent: ['properties.endpoints', 'properties.internalId', 'properties.isDefault'],
  conditional: false,
  timing: { usualMinutes: 0.5, pollSeconds: 10, graceSeconds: 120, patienceMinutes: 30 },
  writtenAtRestOf: 'account',
}

export const managedProject = (
  place: Place,
  account: Resource,
  spec: { name: string; location: string },
): Resource => ({
  key: `project/${nameOf(account)}/${spec.name}`,
  kind: 'project',
  id: `${account.id}/projects/${spec.name}`,
  existing: false,
  dependsOn: [account.key],
  body: {
    location: spec.location,
    tags: place.tags,
    identity: { type: 'SystemAssigned' },
    properties: { displayName: spec.name },
  },
})

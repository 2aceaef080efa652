import type { Azure } from '../arm/azure.ts'
import { invalid, refused } from './refused.ts'
import { listed } from './response-store.ts'
import { type Body, isBody } from './tokens.ts'

export type AgentVersion = {
  version: string
  createdAt: number
  description: string
  metadata: Body
  definition: Body
}

/** An agent of a project: its versions in the order they were made. Numbers go on where they were, whatever is deleted. */
export type Agent = { place: string; name: string; made: number; versions: AgentVersion[] }

const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i

const keyFor = (place: string, name: string) => `${place}\n${name}`

const versionShown = (
  agent: Agent,
  { version, createdAt, description, metadata, definition }: AgentVersion,
) => ({
  object: 'agent.version',
  id: `${agent.name}:${version}`,
  name: agent.name,
  version,
  description,
  created_at: Math.floor(createdAt / 1000),
  metadata,
  status: 'active',
  definition,
})

const latestOf = ({ versions, name }: Agent): AgentVersion => {
  const latest = versions.at(-1)
  if (!latest) throw agentNotFound(name)
  return latest
}

const agentShown = (agent: Agent) => ({
  object: 'agent',
  id: agent.name,
  name: agent.name,
  state: 'enabled',
  versions: { latest: versionShown(agent, latestOf(agent)) },
})

const agentNotFound = (name: string) => refused(404, 'not_found', `Agent ${name} doesn't exist.`)

export function agentOf(place: string, name: string, azure: Azure): Agent {
  const agent = azure.world.agents.get(keyFor(place, name))
  if (!agent) throw agentNotFound(name)
  return agent
}

/** The version that is named, or the latest. */
export function versionOf(agent: Agent, version: string | undefined): AgentVersion {
  if (version === undefined) return latestOf(agent)
  const found = agent.versions.find((one) => one.version === version)
  if (!found) throw refused(404, 'not_found', `Agent ${agent.name} with version ${version} doesn't exist.`)
  return found
}

/** A new agent begins at version 1. */
function addVersion(place: string, name: string, body: Body, azure: Azure): Agent {
  if (!NAME.test(name)) throw invalid(`Invalid agent name '${name}'.`, 'name', 'invalid_value')
  const { definition, metadata, description } = body
  if (!isBody(definition)) throw invalid("Missing required parameter: 'definition'.", 'definition')
  if (definition['kind'] !== 'prompt')
    throw invalid(`Agents of the kind '${String(definition['kind'])}' are not simulated.`, 'definition.kind')
  if (typeof definition['model'] !== 'string' || !definition['model'])
    throw invalid("Missing required parameter: 'definition.model'.", 'definition.model')
  const before = azure.world.agents.get(keyFor(place, name)) ?? { place, name, made: 0, versions: [] }
  const version: AgentVersion = {
    version: String(before.made + 1),
    createdAt: azure.clock.now(),
    description: typeof description === 'string' ? description : '',
    metadata: isBody(metadata) ? metadata : {},
    definition,
  }
  const agent = { ...before, made: before.made + 1, versions: [...before.versions, version] }
  azure.world.agents.put(keyFor(place, name), agent)
  return agent
}

export const created = (place: string, name: string, body: Body, azure: Azure) =>
  agentShown(addVersion(place, name, body, azure))

export function versionCreated(place: string, name: string, body: Body, azure: Azure) {
  const agent = addVersion(place, name, body, azure)
  return versionShown(agent, latestOf(agent))
}

export const read = (place: string, name: string, azure: Azure) => agentShown(agentOf(place, name, azure))

export function versionRead(place: string, name: string, version: string, azure: Azure) {
  const agent = agentOf(place, name, azure)
  return versionShown(agent, versionOf(agent, version))
}

export const list = (place: string, azure: Azure) =>
  listed([...azure.world.agents.values()].filter((agent) => agent.place === place).map(agentShown))

export function versions(place: string, name: string, azure: Azure) {
  const agent = agentOf(place, name, azure)
  return listed(agent.versions.map((version) => versionShown(agent, version)))
}

export function remove(place: string, name: string, azure: Azure) {
  agentOf(place, name, azure)
  azure.world.agents.delete(keyFor(place, name))
  return { object: 'agent.deleted', name, deleted: true }
}

/** With its last version an agent is gone. */
export function removeVersion(place: string, name: string, version: string, azure: Azure) {
  const agent = agentOf(place, name, azure)
  const gone = versionOf(agent, version)
  const left = agent.versions.filter((one) => one !== gone)
  if (left.length > 0) azure.world.agents.put(keyFor(place, name), { ...agent, versions: left })
  else azure.world.agents.delete(keyFor(place, name))
  return { object: 'agent.version.deleted', name, version, deleted: true }
}

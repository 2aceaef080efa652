import type { Azure } from '../arm/azure.ts'
import type { Resource } from '../arm/kind.ts'
import type { Asked } from './account-surface.ts'
import type { AgentRuns } from './agent-runs.ts'
import * as agents from './agents.ts'
import * as conversations from './conversations.ts'
import { connectionList, connectionRead, deploymentList, deploymentRead } from './project-resources.ts'
import type { Reply } from './reply.ts'
import { cancel, find, listed, remove, shown } from './response-store.ts'
import { type Body, missing } from './tokens.ts'

/** One call to a project. `place` is the project's life; `body()` refuses what is no JSON object. */
export type InProject = Asked & { project: Resource; place: string; body(): Body }

export type Door = {
  method: string
  path: string
  /** Below `Microsoft.CognitiveServices/accounts/AIServices/`. */
  dataAction: string
  run(asked: InProject, first: string, second: string): object | Promise<Reply>
}

const OPENAI = '/openai/v1'
const AGENT = '/agents/{agent_name}'
const VERSION = `${AGENT}/versions/{agent_version}`
const RESPONSE = `${OPENAI}/responses/{response_id}`
const CONVERSATION = `${OPENAI}/conversations/{conversation_id}`

/** What @azure/ai-projects 2 calls: connections, deployments, agents, and through its OpenAI client responses and conversations. */
export function projectDoors(azure: Azure, runs: AgentRuns): Door[] {
  const door = (method: string, path: string, dataAction: string, run: Door['run']): Door => ({
    method,
    path,
    dataAction,
    run,
  })
  const got = (path: string, dataAction: string, run: Door['run']) => door('GET', path, dataAction, run)
  const posted = (path: string, dataAction: string, run: Door['run']) => door('POST', path, dataAction, run)
  const deleted = (path: string, dataAction: string, run: Door['run']) =>
    door('DELETE', path, dataAction, run)

  const resources = [
    got('/connections', 'connections/read', ({ project, query }) => connectionList(project.id, query, azure)),
    got('/connections/{name}', 'connections/read', ({ project }, name) =>
      connectionRead(project.id, name, azure),
    ),
    posted(
      '/connections/{name}/getConnectionWithCredentials',
      'connections/listsecrets/action',
      ({ project }, name) => connectionRead(project.id, name, azure),
    ),
    got('/deployments', 'deployments/read', ({ account, query }) => deploymentList(account, query, azure)),
    got('/deployments/{name}', 'deployments/read', ({ account }, name) =>
      deploymentRead(account, name, azure),
    ),
  ]
  const ofAgents = [
    got('/agents', 'agents/read', ({ place }) => agents.list(place, azure)),
    posted('/agents', 'agents/write', (asked) => {
      runs.checkReady(asked)
      const { name } = asked.body()
      if (typeof name !== 'string') throw missing('name')
      return agents.created(asked.place, name, asked.body(), azure)
    }),
    got(AGENT, 'agents/read', ({ place }, name) => agents.read(place, name, azure)),
    posted(AGENT, 'agents/write', ({ place, body }, name) => {
      agents.agentOf(place, name, azure)
      return agents.created(place, name, body(), azure)
    }),
    deleted(AGENT, 'agents/delete', ({ place }, name) => agents.remove(place, name, azure)),
    got(`${AGENT}/versions`, 'agents/read', ({ place }, name) => agents.versions(place, name, azure)),
    posted(`${AGENT}/versions`, 'agents/write', (asked, name) => {
      runs.checkReady(asked)
      return agents.versionCreated(asked.place, name, asked.body(), azure)
    }),
    got(VERSION, 'agents/read', ({ place }, name, version) =>
      agents.versionRead(place, name, version, azure),
    ),
    deleted(VERSION, 'agents/delete', ({ place }, name, version) =>
      agents.removeVersion(place, name, version, azure),
    ),
    posted(`${AGENT}/endpoint/protocols/openai/responses`, 'responses/write', (asked, name) =>
      runs.respond(asked, { name }),
    ),
  ]
  const responses = [
    posted(`${OPENAI}/responses`, 'responses/write', (asked) => runs.respond(asked)),
    posted(`${OPENAI}/responses/compact`, 'responses/write', (asked) => runs.compact(asked)),
    got(RESPONSE, 'responses/read', ({ place }, id) => shown(find(place, id, azure), azure)),
    deleted(RESPONSE, 'responses/delete', ({ place }, id) => remove(place, id, azure)),
    posted(`${RESPONSE}/cancel`, 'responses/write', ({ place }, id) => cancel(place, id, azure)),
    got(`${RESPONSE}/input_items`, 'responses/read', ({ place }, id) => listed(find(place, id, azure).input)),
  ]
  const ofConversations = [
    posted(`${OPENAI}/conversations`, 'conversations/write', ({ place, call, body }) =>
      conversations.begin(place, call.body ? body() : {}, azure),
    ),
    got(CONVERSATION, 'conversations/read', ({ place }, id) => conversations.read(place, id, azure)),
    posted(CONVERSATION, 'conversations/write', ({ place, body }, id) =>
      conversations.update(place, id, body(), azure),
    ),
    deleted(CONVERSATION, 'conversations/delete', ({ place }, id) => conversations.end(place, id, azure)),
    got(`${CONVERSATION}/items`, 'conversations/read', ({ place }, id) =>
      conversations.items(place, id, azure),
    ),
    posted(`${CONVERSATION}/items`, 'conversations/write', ({ place, body }, id) =>
      conversations.addItems(place, id, body(), azure),
    ),
  ]
  return [...resources, ...ofAgents, ...responses, ...ofConversations]
}

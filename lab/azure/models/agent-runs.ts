import type { Azure } from '../arm/azure.ts'
import { nameOf } from '../arm/ids.ts'
import type { Send } from '../data/call.ts'
import { agentSubnetOf } from '../providers/cognitive-services/account-shape.ts'
import { PROJECT_HOST } from '../providers/cognitive-services/common.ts'
import type { Tokens } from '../tokens.ts'
import { agentOf, versionOf } from './agents.ts'
import { modelAsked } from './deployments.ts'
import type { InProject } from './project-doors.ts'
import { connectionNamed } from './project-resources.ts'
import { refused } from './refused.ts'
import type { Reply } from './reply.ts'
import { compactResponse, createResponse, type Speaker, type Turn } from './responses.ts'
import type { Serve } from './serve.ts'
import { speakThroughGateway } from './through-gateway.ts'
import { type Body, isBody, tokensOf } from './tokens.ts'

/** An agent by its name, and a version of it or the latest. */
type AgentReference = { name: string; version?: string }

export type AgentRuns = {
  /** An account in a network of its own runs agents once its project's capability host is there (azure-facts 7.5). */
  checkReady(asked: InProject): void
  respond(asked: InProject, agent?: AgentReference): Promise<Reply>
  compact(asked: InProject): Promise<Reply>
}

/** Responses of a project: by a model, or by an agent that brings its model and its instructions along. */
export function createAgentRuns(
  azure: Azure,
  tokens: Tokens,
  serve: Serve,
  send: Send | undefined,
): AgentRuns {
  function checkReady({ account, project }: InProject): void {
    if (!agentSubnetOf(account)) return
    const [host] = azure.children(project.id, PROJECT_HOST)
    if (host?.state !== 'Succeeded')
      throw refused(
        400,
        'CapabilityHostNotReady',
        `The project '${nameOf(project.id)}' cannot run agents: its capability host is ${host ? `in state ${host.state}` : 'missing'}.`,
      )
  }

  function speakerOf(asked: InProject, model: string, marks?: Body): Speaker {
    return {
      place: asked.place,
      model,
      ...(marks ? { marks } : {}),
      speak: (turn) => speak(asked, model, turn),
    }
  }

  function speak(asked: InProject, model: string, turn: Turn) {
    const { account, project, call, noted } = asked
    const [connectionName = '', deployment] = model.split('/')
    if (deployment === undefined) {
      const { host, headers, body } = call
      const wanted = {
        operation: 'Responses_Create',
        capability: 'responses',
        apiVersion: 'v1',
        host,
        headers,
        request: body,
        copies: 1,
        generates: true,
      }
      return serve(account, model, { ...wanted, prompt: turn.prompt, most: turn.most }, noted)
    }
    const connection = connectionNamed(project.id, connectionName, azure)
    if (!connection)
      throw refused(404, 'NotFound', `Connection ${connectionName} can't be found in this project.`)
    if (!send)
      throw refused(501, 'NotSimulated', 'This lab runs without a network: no model gateway can be reached.')
    const way = { account, project, connection, deployment, call }
    return speakThroughGateway(turn, way, send, tokens, azure)
  }

  return {
    checkReady,
    compact: (asked) => {
      const body = asked.body()
      return compactResponse(body, speakerOf(asked, modelAsked(body)), azure)
    },
    respond: async (asked, named) => {
      const body = asked.body()
      asked.noted.streamed = body['stream'] === true
      const agent = named ?? referenceIn(body)
      if (!agent) return createResponse(body, speakerOf(asked, modelAsked(body)), azure)
      checkReady(asked)
      const { version, definition } = versionOf(agentOf(asked.place, agent.name, azure), agent.version)
      const marks = { agent_reference: { type: 'agent_reference', name: agent.name, version } }
      const instructions = String(definition['instructions'] ?? '')
      const speaker = speakerOf(asked, String(definition['model']), marks)
      const instructed: Speaker = {
        ...speaker,
        speak: (turn) =>
          speaker.speak({ ...turn, instructions, prompt: turn.prompt + tokensOf(instructions) }),
      }
      return createResponse({ ...body, instructions: null }, instructed, azure)
    },
  }
}

/** `agent_reference`, which used to be called `agent`. */
function referenceIn(body: Body): AgentReference | undefined {
  const given = body['agent_reference'] ?? body['agent']
  if (!isBody(given) || typeof given['name'] !== 'string') return undefined
  const { name, version } = given
  return { name, ...(typeof version === 'string' ? { version } : {}) }
}

import type { Azure } from '../arm/azure.ts'
import type { Send } from '../data/call.ts'
import type { Tokens } from '../tokens.ts'
import type { Asked } from './account-surface.ts'
import { birthIdOf } from './accounts.ts'
import { checkArrival, checkRole, PROJECT_AUDIENCE, principalOf } from './admission.ts'
import { createAgentRuns } from './agent-runs.ts'
import { decoded, paramsOf } from './operations.ts'
import { projectDoors } from './project-doors.ts'
import { notFound, refused } from './refused.ts'
import { isReply, type Reply } from './reply.ts'
import type { Serve } from './serve.ts'
import { parsed } from './tokens.ts'

const PROJECT_PATH = /^\/api\/projects\/([^/]+)(\/.*)$/i
const DATA = 'Microsoft.CognitiveServices/accounts/AIServices'

export const isProjectPath = (path: string) => PROJECT_PATH.test(path)

/** `/api/projects/{project}/…`: bearer tokens for its own audience only, and roles at the project or above. */
export function projectSurface(azure: Azure, tokens: Tokens, serve: Serve, send: Send | undefined) {
  const doors = projectDoors(azure, createAgentRuns(azure, tokens, serve, send))

  return async (asked: Asked): Promise<Reply> => {
    const { call, account, arrival, path, query, noted } = asked
    checkArrival(account, arrival)
    const [, name = '', rest = ''] = PROJECT_PATH.exec(path) ?? []
    const principalId = await principalOf(call.headers, PROJECT_AUDIENCE, tokens, azure)
    const project = azure.find(`${account.id}/projects/${decoded(name)}`)
    if (!project || project.settledAt === null)
      throw refused(404, 'NotFound', `The project '${name}' does not exist.`)
    for (const door of doors) {
      const params = door.method === call.method ? paramsOf(door.path, rest) : undefined
      if (!params) continue
      noted.operation = `${door.method} ${door.path}`
      const shown = `${door.method} /api/projects/{projectName}${door.path}`
      checkRole(principalId, `${DATA}/${door.dataAction}`, project.id, shown, azure)
      // The models' own clients know of no version.
      if (!rest.startsWith('/openai/') && !query.get('api-version'))
        throw refused(400, 'BadRequest', "The query parameter 'api-version' is required.")
      const inProject = { ...asked, project, place: birthIdOf(project), body: () => parsed(call.body) }
      const [first = '', second = ''] = params
      const answered = await door.run(inProject, first, second)
      return isReply(answered) ? answered : { body: answered, tookMs: 25 }
    }
    throw notFound()
  }
}

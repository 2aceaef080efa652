import type { Azure } from '../arm/azure.ts'
import { errorBody, Refusal } from '../arm/errors.ts'
import type { DataAnswer, DataCall } from '../data/call.ts'
import type { DataService } from '../data/plane.ts'
import type { Tokens } from '../tokens.ts'
import { bodyOf } from './bodies.ts'
import { LOGS_PATH, logs, logsBatch, type Told } from './logs/doors.ts'
import { METRICS_HOST, metricsBatch } from './metrics-batch.ts'

/** What of Azure Monitor has host names of its own: the batch of metrics and the logs; metrics of one resource are asked of ARM. */
const LOGS_HOST = /^api\.loganalytics\.(io|azure\.com)$/
const BATCH = /^\/subscriptions\/([^/]+)\/metrics:getBatch$/i
const LOGS_BATCH = /^\/v1\/\$batch$/i

/** At the lab's own address these paths lead here too, so that a client's endpoint can point there. */
export const isMonitorPath = (path: string): boolean =>
  [BATCH, LOGS_PATH, LOGS_BATCH].some((pattern) => pattern.test(onlyOne(path)))

const onlyOne = (path: string) => (path.split('?')[0] ?? '').replace(/\/{2,}/g, '/')

export function createMonitorDoors(azure: Azure, tokens: Tokens): DataService {
  async function principalOf({ headers }: DataCall, audience: RegExp): Promise<string> {
    const token = /^Bearer (\S+)$/i.exec(headers['authorization'] ?? '')?.[1]
    const claims = token ? await tokens.read(token) : undefined
    if (!claims || !audience.test(String(claims.aud)))
      throw new Refusal(
        401,
        'InvalidTokenError',
        'The provided authentication is not valid for this resource',
      )
    if (Number(claims.exp) * 1000 <= azure.clock.now())
      throw new Refusal(401, 'InvalidTokenError', 'The provided authentication has expired')
    return claims.oid ?? ''
  }

  async function told(call: DataCall): Promise<Told> {
    const path = onlyOne(call.path)
    const batched = BATCH.exec(path)
    if (call.method !== 'POST' || !isMonitorPath(path))
      throw new Refusal(404, 'PathNotFoundError', 'The requested path does not exist')
    if (batched) {
      await principalOf(call, /^https:\/\/metrics\.monitor\.azure\.com\/?$/)
      return { status: 200, body: metricsBatch(batched[1] ?? '', call, azure) }
    }
    const principal = await principalOf(call, /^https:\/\/api\.loganalytics\.(io|azure\.com)\/?$/)
    return LOGS_BATCH.test(path)
      ? logsBatch(call, principal, azure)
      : logs(path, bodyOf(call), principal, azure)
  }

  return {
    plane: 'monitor',
    owns: (host) => METRICS_HOST.test(host) || LOGS_HOST.test(host),
    answer: async (call) => {
      try {
        return answerOf(await told(call))
      } catch (error) {
        if (error instanceof Refusal)
          return answerOf({ status: error.status, body: errorBody(error), headers: error.headers })
        throw error
      }
    },
  }
}

const answerOf = ({ status, body, headers = {} }: Told): DataAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(body),
  tookMs: 0,
})

import { isRestError, type PipelineResponse } from '@azure/core-rest-pipeline'
import type { Failure } from '../reconcile/outcome.ts'
import type { JsonObject } from '../resources/kind.ts'

/** ARM's error body is `{error: {code, message}}`; some providers leave the envelope out. */
export function failureOf(response: PipelineResponse, body: JsonObject): Failure {
  const inner = body['error']
  const error = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : body
  const retryAfterSeconds = retryAfter(response.headers.get('retry-after'))
  return {
    status: response.status,
    code: typeof error['code'] === 'string' ? error['code'] : '',
    message: typeof error['message'] === 'string' ? error['message'] : `HTTP ${response.status}`,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  }
}

/** Errors of the connection after which nobody knows whether Azure has carried the call out. */
const unheard = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'REQUEST_SEND_ERROR',
  'PARSE_ERROR',
])

/**
 * A call that ended without an answer: `NoAnswer` when Azure may have carried it out, the connection's own code when it never left, `NoToken`
 * when there was no token to send it with.
 * @throws the error itself when it is none of these: then the program is broken
 */
export function thrownFailure(error: unknown): Failure {
  if (isRestError(error)) {
    const code = error.code ?? ''
    return {
      status: 0,
      code: code === '' || unheard.has(code) ? 'NoAnswer' : code,
      message: firstLine(error.message),
    }
  }
  if (error instanceof Error && error.name === 'AbortError')
    return { status: 0, code: 'NoAnswer', message: 'no answer in time' }
  if (error instanceof Error && /Authentication|CredentialUnavailable/.test(error.name))
    return { status: 0, code: 'NoToken', message: firstLine(error.message) }
  throw error
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? ''

/** Seconds from a Retry-After header: a number of seconds or an HTTP date. */
export function retryAfter(header: string | undefined, nowMs = Date.now()): number | undefined {
  if (!header) return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds)
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, (at - nowMs) / 1000)
}

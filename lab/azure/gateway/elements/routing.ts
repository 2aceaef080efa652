import { forward } from '../forward.ts'
import { NotSimulated } from '../problems.ts'
import { attributesOf, type Compile, numberOf, textOf, truthOf } from './element.ts'

/** Where a call goes, and that it goes. */

const setBackendService: Compile = (element) => {
  const { 'backend-id': backendId, 'base-url': baseUrl } = attributesOf(element, ['backend-id', 'base-url'])
  const name = textOf(backendId ?? baseUrl ?? '')
  return (run) => {
    const value = name(run)
    run.target = backendId === undefined ? { baseUrl: value } : { backendId: value }
  }
}

const FORWARD = [
  'timeout',
  'timeout-ms',
  'http-version',
  'follow-redirects',
  'buffer-request-body',
  'buffer-response',
  'fail-on-error-status-code',
] as const

const USUAL_TIMEOUT_SECONDS = '300'

const forwardRequest: Compile = (element) => {
  const given = attributesOf(element, FORWARD)
  if (given['follow-redirects'] && given['follow-redirects'] !== 'false')
    throw new NotSimulated('forward-request with follow-redirects')
  const seconds = numberOf(given.timeout ?? USUAL_TIMEOUT_SECONDS, 'a timeout')
  const ms = given['timeout-ms'] === undefined ? undefined : numberOf(given['timeout-ms'], 'a timeout')
  const keepsBody = truthOf(given['buffer-request-body'] ?? 'false')
  const buffers = truthOf(given['buffer-response'] ?? 'true')
  const failsOnStatus = truthOf(given['fail-on-error-status-code'] ?? 'false')
  return (run) =>
    forward(run, {
      timeoutMs: ms ? ms(run) : seconds(run) * 1000,
      keepsBody: keepsBody(run),
      buffersResponse: buffers(run),
      failsOnStatus: failsOnStatus(run),
    })
}

export const routingElements: Record<string, Compile> = {
  'set-backend-service': setBackendService,
  'forward-request': forwardRequest,
}

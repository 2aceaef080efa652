import type { Resource } from '../arm/kind.ts'
import { type DataAnswer, isUnreached, type Unreached } from '../data/call.ts'
import { callTo, vantageOf } from './backend-call.ts'
import { inBlocks, whole } from './bodies.ts'
import { judge } from './breaker.ts'
import { NotSimulated, PolicyError } from './problems.ts'
import { abandon, newResponse, type Response, type Running } from './running.ts'
import { type Target, targetOf } from './target.ts'

/** One try: picks who is asked, asks over the service's own subnet, and tells the breaker what came of it. */

export type ForwardOptions = {
  timeoutMs: number
  /** Without it a body is gone with the first try. */
  keepsBody: boolean
  buffersResponse: boolean
  failsOnStatus: boolean
}

/** How long a connection is waited for that nobody refuses (the usual of Windows; unverified). */
const CONNECT_TIMEOUT_MS = 21_000

export async function forward(run: Running, options: ForwardOptions): Promise<void> {
  const now = run.world.azure.clock.now()
  await abandon(run.response)
  run.response = null
  const target = targetOf(run, now)
  if ('exhausted' in target) return exhausted(target.exhausted, run)
  run.backend = target.backend
  const call = callTo(target, run)
  if (!options.keepsBody) run.request.body = null
  const result = await run.world.send(call, vantageOf(run.configuration.service))
  const { timeoutMs } = options
  const tookMs = isUnreached(result) ? waitedMs(result) : result.tookMs
  run.elapsedMs += Math.min(tookMs, timeoutMs)
  const isLate = tookMs > timeoutMs
  if (!isUnreached(result) && (isLate || call.gone.aborted)) await abandon({ ...result, isRead: false })
  if (call.gone.aborted) throw callerGone()
  const silent = { backend: target.backend, tookMs: Math.min(tookMs, timeoutMs), now }
  if (isLate) return unanswered('Timeout', 'The operation has timed out.', silent, run)
  if (isUnreached(result)) {
    checkValidated(result, target.backend)
    return unanswered('BackendConnectionFailure', connectionFailure(result), silent, run)
  }
  const response = answered(result, target, run, now)
  if (options.failsOnStatus && result.status >= 400)
    throw new PolicyError('BackendResponseFailure', `The backend answered ${result.status}.`, {
      status: result.status,
      message: '',
    })
  run.response = null
  run.response = { ...response, body: await passedOn(result.body, run, options) }
}

function passedOn(body: DataAnswer['body'], run: Running, { buffersResponse }: ForwardOptions) {
  if (typeof body === 'string') return body
  if (run.readsResponseBody) return whole(body)
  return buffersResponse ? inBlocks(body) : body
}

const waitedMs = ({ unreached }: Unreached) => (unreached === 'ETIMEDOUT' ? CONNECT_TIMEOUT_MS : 0)

/** Nobody reads this; it trips nothing and is not tried again. */
const callerGone = () =>
  new PolicyError('ClientConnectionFailure', 'A task was canceled.', {
    status: 499,
    message: 'Client closed the request',
  })

function exhausted(status: number, run: Running): void {
  const { exhaustedPool } = run.world.switches
  if (exhaustedPool === 'raises')
    throw new PolicyError(
      'BackendConnectionFailure',
      'No backend is available.',
      { status, message: 'Service unavailable' },
      true,
    )
  run.response = { ...newResponse(status), reason: 'Service Unavailable' }
}

function answered(
  { status, headers, body, tookMs }: DataAnswer,
  { backend, cookie }: Target,
  run: Running,
  now: number,
): Response {
  if (backend) judge(run.unit, backend, { status, retryAfter: headers['retry-after'] }, now)
  run.attempts.push({ backendId: idOf(backend), status, tookMs })
  const before = headers['set-cookie']
  const setCookie = before === undefined ? cookie : `${before}, ${cookie}`
  const all = { ...headers, ...(cookie && setCookie ? { 'set-cookie': setCookie } : {}) }
  return { status, reason: '', headers: all, body, isRead: false }
}

type Silent = { backend: Resource | null; tookMs: number; now: number }

function unanswered(reason: string, message: string, { backend, tookMs, now }: Silent, run: Running): void {
  if (backend) judge(run.unit, backend, { reason }, now)
  run.attempts.push({ backendId: idOf(backend), status: null, tookMs })
  if (run.world.switches.failedForward === 'raises') throw new PolicyError(reason, message, undefined, true)
}

const idOf = (backend: Resource | null) => backend?.id ?? ''

/** A certificate that fails, and that nobody wanted checked: who else would refuse it is not told, so it cannot be played. */
function checkValidated({ unreached }: Unreached, backend: Resource | null): void {
  const { validateCertificateChain = true, validateCertificateName = true } = (backend?.properties['tls'] ??
    {}) as {
    validateCertificateChain?: boolean
    validateCertificateName?: boolean
  }
  if (unreached === 'CERT' && !(validateCertificateChain && validateCertificateName))
    throw new NotSimulated('a backend whose certificate is not validated, and fails')
}

const connectionFailure = ({ unreached, because }: Unreached) =>
  unreached === 'CERT'
    ? `The SSL connection could not be established: ${because}`
    : `Unable to connect to the remote server: ${unreached}, ${because}`

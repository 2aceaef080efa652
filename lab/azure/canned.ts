import type { Carried } from './arm/call.ts'
import { errorBody } from './arm/errors.ts'
import type { Injected } from './faults.ts'

/** What a fault answers instead of the cloud; undefined when it leaves the answer to it. */
export function canned(fault: Injected | undefined): Carried | undefined {
  const { status, body } = fault?.do ?? {}
  return status === undefined ? undefined : { status, body: body ?? cannedBody(status) }
}

const CODES: Record<number, string> = {
  400: 'BadRequest',
  401: 'AuthenticationFailed',
  403: 'AuthorizationFailed',
  404: 'NotFound',
  409: 'Conflict',
  412: 'PreconditionFailed',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
}

const cannedBody = (status: number) =>
  status < 400
    ? undefined
    : errorBody({ code: CODES[status] ?? 'Error', message: `Injected by the lab: ${status}.` })

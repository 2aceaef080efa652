import type { HttpResponseInit } from '@azure/functions'
import type { Fault } from '../src/environment/fault.ts'

/** An answer that is not a success, as RFC 9457 has it. */
export interface Problem {
  status: number
  /** For machines: one word, stable. */
  reason: string
  /** For people: what is wrong and what to do. */
  detail: string
  faults?: Fault[]
  headers?: Record<string, string>
}

const titles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

export const problem = ({ status, headers, ...rest }: Problem): HttpResponseInit => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: JSON.stringify({ type: 'about:blank', title: titles[status] ?? 'Error', status, ...rest }),
})

export const notFound = (what: string): HttpResponseInit =>
  problem({ status: 404, reason: 'not-found', detail: `There is no ${what}.` })

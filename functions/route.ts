import type { HttpMethod, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions'
import type * as z from 'zod'
import type { App } from './app.ts'
import type { Caller, Role } from './caller.ts'

export interface Call {
  request: HttpRequest
  context: InvocationContext
  /** Who calls; nobody at the doors that are open to anybody. */
  caller: Caller | undefined
  app: App
}

export type Handler = (call: Call) => Promise<HttpResponseInit>

export interface Route {
  /** Name of the function; the host tries routes in order of these names, so no route may hide another. */
  name: string
  method: HttpMethod
  path: string
  role: Role | 'anonymous'
  summary: string
  /** Shape of the success answer, by its status. */
  answers: Record<number, z.ZodType>
  handler: Handler
}

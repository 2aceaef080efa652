import { type HttpHandler, app as host } from '@azure/functions'
import * as df from 'durable-functions'
import { isStoreTrouble } from '../src/store/table.ts'
import type { App } from './app.ts'
import { callerOf, may } from './caller.ts'
import { problem } from './problem.ts'
import type { Route } from './route.ts'

/** Registers one route: who may pass, then the handler, then what its exceptions mean to a caller. */
export function openDoor(route: Route, app: App): void {
  const handler: HttpHandler = async (request, context) => {
    const caller = callerOf(request.headers.get('x-ms-client-principal'))
    if (route.role !== 'anonymous') {
      if (!caller)
        return problem({
          status: 401,
          reason: 'not-signed-in',
          detail: 'Sign in with Entra ID and send its token.',
        })
      if (!may(caller, route.role))
        return problem({
          status: 403,
          reason: 'role-missing',
          detail: `This needs the app role ${route.role}.`,
        })
    }
    try {
      return await route.handler({ request, context, caller, app })
    } catch (error) {
      context.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
      return isStoreTrouble(error)
        ? problem({
            status: 503,
            reason: 'store-unavailable',
            detail: 'The app cannot reach its tables. Try again.',
            headers: { 'retry-after': '10' },
          })
        : problem({
            status: 500,
            reason: 'defect',
            detail: `This is a defect of the app; its log has the details under ${context.invocationId}.`,
          })
    }
  }
  host.http(route.name, {
    methods: [route.method],
    route: route.path,
    // Who may call is Entra ID's and the route table's business; function keys would be a second, weaker way in.
    authLevel: 'anonymous',
    extraInputs: [df.input.durableClient()],
    handler,
  })
}

// The host's HTTP side: one server on 127.0.0.1. In order: the lab's own endpoints, the extensions' webhooks and the admin endpoints,
// then Easy Auth, then the functions' routes, tried in order of function name as the real host does, with no precedence of literals over
// parameters. Everything but the lab's own endpoints passes the clock's gate and counts as in flight until it is answered.
import http, { type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '../log.ts'
import { isDisabled } from '../settings.ts'
import type { Invocation, LoadedFunction, TypedData } from '../worker/contract.ts'
import { type AdminOptions, answerAdmin } from './admin.ts'
import type { EasyAuth } from './easy-auth.ts'
import { landingPage } from './landing-page.ts'
import { type Received, receive, toRpcHttp } from './request.ts'
import { sendEmpty, sendRpcHttp } from './response.ts'
import { compileRoute, type Match } from './route.ts'

/** Answers a request under a prefix that no function can have. */
export type Mount = (request: Received, to: ServerResponse) => Promise<void> | void

interface FrontOptions {
  admin: AdminOptions
  easyAuth: EasyAuth
  functions: LoadedFunction[]
  routePrefix: string
  customHeaders: Record<string, string>
  /** By lower-case path prefix. */
  mounts: Record<string, Mount>
  mayAdminister(request: Received): boolean
  admit(): Promise<() => void>
  run(fn: LoadedFunction, input: TypedData): Promise<Invocation>
  log: Log
}

export interface Front {
  port: number
  /** Until it is told what to serve, requests wait. */
  serve(options: FrontOptions): void
  /** Takes no new requests from now on. */
  refuse(): void
  /** Ends every connection. */
  close(): Promise<void>
}

export async function listen(port: number): Promise<Front> {
  const ready = Promise.withResolvers<Serve>()
  let closing = false
  const server = http.createServer(async (request, to) => {
    to.sendDate = false
    to.setHeader('date', new Date().toUTCString())
    if (closing) return sendEmpty(to, 503, { connection: 'close' })
    try {
      const serve = await ready.promise
      await serve(await receive(request), to)
    } catch {
      if (!to.headersSent) to.writeHead(500)
      to.end()
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    serve: (options) => ready.resolve(serving(options)),
    refuse() {
      closing = true
      server.close()
    },
    close() {
      closing = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  }
}

type Serve = (request: Received, to: ServerResponse) => Promise<void>

function serving(options: FrontOptions): Serve {
  const { easyAuth, log } = options
  const routes = options.functions.map((fn) => readRoute(fn, options.routePrefix))
  const mounts = Object.entries(options.mounts)

  async function answer(request: Received, to: ServerResponse) {
    const path = request.url.pathname.toLowerCase()
    const mount = mounts.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))
    if (mount) return mount[1](request, to)
    if (path === '/admin' || path.startsWith('/admin/'))
      return options.mayAdminister(request) ? answerAdmin(request, to, options.admin) : sendEmpty(to, 401)
    if (path.startsWith('/runtime/webhooks/')) return sendEmpty(to, 404)

    for (const [name, value] of Object.entries(options.customHeaders)) to.setHeader(name, value)
    if (!(await easyAuth.admit(request)))
      return sendEmpty(to, 401, { 'www-authenticate': `Bearer realm="${request.url.host}"` })
    const home = path === '/' && !isHomepageDisabled()
    if (home) return landingPage(to)
    for (const { fn, match, methods } of routes) {
      const params = match(request.url.pathname)
      if (params && methods.includes(request.method) && !isDisabled(fn)) return run(fn, request, params, to)
    }
    sendEmpty(to, path === '/' ? 204 : 404)
  }

  async function run(
    fn: LoadedFunction,
    request: Received,
    params: Record<string, string>,
    to: ServerResponse,
  ) {
    const outcome = await options.run(fn, toRpcHttp(request, params))
    if (outcome.ok) return sendRpcHttp(to, outcome.value)
    log('error', `failed: ${outcome.error.stack}`, { functionName: fn.name })
    sendEmpty(to, 500)
  }

  return async (request, to) => {
    if (request.url.pathname.startsWith('/_lab/')) return answer(request, to)
    const leave = await options.admit()
    try {
      await answer(request, to)
    } catch (error) {
      log('error', `cannot answer ${request.method} ${request.url.pathname}: ${error}`)
      throw error
    } finally {
      leave()
    }
  }
}

interface Route {
  fn: LoadedFunction
  match: Match
  methods: string[]
}

function readRoute(fn: LoadedFunction, routePrefix: string): Route {
  const { route, methods } = fn.trigger as { route?: string; methods?: string[] }
  try {
    const template = [routePrefix, route || fn.name].filter(Boolean).join('/')
    const match = compileRoute(template)
    return { fn, match, methods: (methods ?? http.METHODS).map((method) => method.toUpperCase()) }
  } catch (error) {
    throw new Error(`The route of function '${fn.name}' is not valid: ${error}`)
  }
}

const isHomepageDisabled = () => process.env['AzureWebJobsDisableHomepage']?.toLowerCase() === 'true'

// The host's admin endpoints: what it runs, and firing a function by hand.
import type { ServerResponse } from 'node:http'
import type { LoadedFunction, Worker } from '../worker/contract.ts'
import type { Received } from './request.ts'
import { sendEmpty, sendJson } from './response.ts'

export interface AdminOptions {
  worker: Worker
  hostId: string
  /** Runs a function that is not triggered by HTTP once; not awaited. Null when it cannot be fired. */
  fire(fn: LoadedFunction, input: unknown): Promise<unknown> | null
}

const startedAt = performance.now()

export function answerAdmin(request: Received, to: ServerResponse, options: AdminOptions) {
  const path = request.url.pathname.toLowerCase()
  if (path === '/admin/host/ping') return sendEmpty(to, 200)
  if (path === '/admin/host/status') return sendJson(to, 200, hostStatus(options))
  if (path === '/admin/functions' && request.method === 'GET')
    return sendJson(to, 200, [...options.worker.functions.values()].map(describe))

  const [, name, status] = /^\/admin\/functions\/([^/]+)(\/status)?$/.exec(path) ?? []
  const fn = name && options.worker.functions.get(decodeURIComponent(name))
  if (!fn) return sendEmpty(to, 404)
  if (request.method === 'GET') return sendJson(to, 200, status ? {} : describe(fn))
  if (request.method !== 'POST' || status) return sendEmpty(to, 404)
  sendEmpty(to, fireByHand(fn, request, options))
}

function fireByHand(fn: LoadedFunction, request: Received, { fire }: AdminOptions): 202 | 400 {
  const asked = parseObject(request.body.toString())
  return asked && fire(fn, asked['input']) ? 202 : 400
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return value && typeof value === 'object' ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

const hostStatus = ({ hostId }: AdminOptions) => ({
  id: hostId,
  state: 'Running',
  version: '4.1048.200.0',
  versionDetails: 'the lab of Foundry Gateway Ops',
  instanceId: hostId,
  processUptime: Math.round(performance.now() - startedAt),
})

const describe = (fn: LoadedFunction) => ({
  name: fn.name,
  language: 'node',
  isDisabled: false,
  config: { bindings: Object.entries(fn.bindings).map(([name, binding]) => ({ ...binding, name })) },
})

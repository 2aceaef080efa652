import { text } from '../expressions/values.ts'
import { type Message, newResponse, type Running } from '../running.ts'
import {
  attributesOf,
  type Compile,
  type Compiling,
  childrenOf,
  contentOf,
  numberOf,
  required,
  textOf,
} from './element.ts'

/** What is written into requests and responses. */

/** Before there is a response, what is set on one has nowhere to go but a new one. */
const messageIn = (run: Running, into: Compiling['into']): Message => {
  if (into === 'request') return run.request
  run.response ??= newResponse(200)
  return run.response
}

const setHeader: Compile = (element, { into }) => {
  const given = attributesOf(element, ['name', 'exists-action'])
  const name = textOf(required(given.name, 'a name'))
  const action = textOf(given['exists-action'] ?? 'override')
  const values = childrenOf(element, ['value']).map((value) => textOf(contentOf(value)))
  return (run) => {
    const { headers } = messageIn(run, into)
    const key = name(run).toLowerCase()
    const written = changed(headers[key], action(run), () => values.map((value) => value(run)))
    if (written === undefined) delete headers[key]
    else headers[key] = written
  }
}

/** Several values of one name stand side by side, as HTTP writes them. */
function changed(before: string | undefined, action: string, values: () => string[]): string | undefined {
  if (action === 'delete') return undefined
  if (action === 'skip' && before !== undefined) return before
  const now = values()
  if (now.length === 0) return undefined
  return (action === 'append' && before !== undefined ? [before, ...now] : now).join(',')
}

const setQueryParameter: Compile = (element) => {
  const given = attributesOf(element, ['name', 'exists-action'])
  const name = textOf(required(given.name, 'a name'))
  const action = textOf(given['exists-action'] ?? 'override')
  const values = childrenOf(element, ['value']).map((value) => textOf(contentOf(value)))
  return (run) => {
    const key = name(run)
    const query = new URLSearchParams(run.request.query)
    const isThere = query.has(key)
    const does = action(run)
    if ((does === 'delete' && !isThere) || (does === 'skip' && isThere)) return
    if (does !== 'append') query.delete(key)
    if (does !== 'delete') for (const value of values) query.append(key, value(run))
    run.request.query = String(query)
  }
}

const setBody: Compile = (element, { into }) => {
  attributesOf(element, [])
  const content = textOf(contentOf(element))
  return (run) => {
    const message = messageIn(run, into)
    message.body = content(run)
    message.isRead = false
    delete message.headers['content-length']
  }
}

const setStatus: Compile = (element) => {
  const given = attributesOf(element, ['code', 'reason'])
  const code = numberOf(required(given.code, 'a code'), 'a status')
  const reason = textOf(given.reason ?? '')
  return (run) => {
    const status = code(run)
    run.response ??= newResponse(status)
    run.response.status = status
    run.response.reason = reason(run)
  }
}

const setMethod: Compile = (element) => {
  attributesOf(element, [])
  const method = textOf(contentOf(element))
  return (run) => {
    run.request.method = text(method(run)).trim().toUpperCase()
  }
}

export const messageElements: Record<string, Compile> = {
  'set-header': setHeader,
  'set-query-parameter': setQueryParameter,
  'set-body': setBody,
  'set-status': setStatus,
  'set-method': setMethod,
}

import { managementUrls } from './client.ts'
import { beginExecution, newId } from './execution.ts'
import { isFinal } from './instances.ts'
import type { ManagementReply, ManagementRequest, ManagementServices } from './management.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: Azure's keys must not contain them
const badId = /^@|[\\/#?\u0000-\u001f\u007f]/
const longestId = 100

export function start(
  { body, query, origin }: ManagementRequest,
  { name, id = newId() }: { name: string; id: string | undefined },
  { store, app, hubName, wake }: ManagementServices,
): ManagementReply {
  const input = readInput(body)
  if (!input) return { status: 400, body: { Message: 'Invalid JSON content' } }
  const fn = app.orchestrator(name)
  if (!fn)
    return badArgument(
      `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function.`,
    )
  if (badId.test(id) || id.length > longestId) {
    return badArgument(
      `Instance id '${id}' begins with @, contains one of / \\ # ? or a control character, or is longer than ${longestId}.`,
    )
  }
  const existing = store.instances.get(id)
  if (existing && !isFinal(existing)) {
    const Message = `An Orchestration instance with the status ${existing.status} already exists.`
    return { status: 409, body: { Message } }
  }
  const version = query.get('version') ?? ''
  store.transaction(() =>
    beginExecution(store, { ...input, id, name: fn.name, version, status: 'Pending', customStatus: null }),
  )
  wake()
  const urls = managementUrls(id, { hubName, origin })
  return { status: 202, headers: { location: urls.statusQueryGetUri, 'retry-after': '10' }, body: urls }
}

function readInput(body: string): { input: string | null } | undefined {
  if (body === '') return { input: null }
  try {
    return { input: JSON.stringify(JSON.parse(body)) }
  } catch {
    return undefined
  }
}

const badArgument = (why: string): ManagementReply => ({
  status: 400,
  body: { Message: 'One or more of the arguments submitted is incorrect', ExceptionMessage: why },
})

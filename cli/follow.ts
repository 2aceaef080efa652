import { setTimeout as sleep } from 'node:timers/promises'
import type { OperationView } from '../src/operations/show.ts'
import type { Client } from './client.ts'

const pollMs = 400
/** States in which nothing more happens by itself. */
const over = new Set<string>(['succeeded', 'partial', 'failed', 'cancelled', 'awaiting-approval'])

/**
 * Follows an operation to its end, or to where it needs a person, and tells what changes, one line each: when (since the operation
 * began), which resource, how it stands.
 * @param worthTelling of resources that go as they should; trouble is always told
 * @returns the operation as it ended
 */
export async function follow(
  client: Client,
  id: string,
  tell: (line: string) => void,
  worthTelling: (resource: string) => boolean = () => true,
): Promise<OperationView> {
  const told = new Map<string, string>()
  for (let planned = false; ; await sleep(pollMs)) {
    const operation = await client.operation(id)
    if (!planned && operation.planHash !== undefined) {
      planned = true
      tell(`plan: ${planText(operation)}`)
    }
    for (const line of news(operation, told, worthTelling)) tell(line)
    if (over.has(operation.state)) return operation
  }
}

const planText = ({ steps }: OperationView): string =>
  steps.length === 0
    ? 'nothing to do'
    : `${steps.length} steps, the longest about ${Math.max(...steps.map(({ expectedMinutes }) => expectedMinutes))} minutes`

/** Reasons that are no trouble: it is being done. */
const underWay: ReadonlySet<string> = new Set(['Settling', 'Missing', 'Drifted', 'Removing'])

/** Lines for what has changed since the last call, in the order it happened. */
function news(
  operation: OperationView,
  told: Map<string, string>,
  worthTelling: (resource: string) => boolean,
): string[] {
  return operation.conditions
    .filter(({ axis, reason }) => axis === 'Ready' && reason !== 'Waiting')
    .filter(({ resource, status, reason }) => told.get(resource) !== `${status} ${reason}`)
    .toSorted((a, b) => (a.since < b.since ? -1 : 1))
    .flatMap(({ resource, status, reason, message, since }) => {
      told.set(resource, `${status} ${reason}`)
      const mark = status === 'True' || reason === 'Removed' ? '✓' : underWay.has(reason) ? '·' : '!'
      if (mark !== '!' && !worthTelling(resource)) return []
      return `${elapsed(operation.createdAt, since)}  ${mark} ${resource.padEnd(58)} ${message}`
    })
}

/** How far it has come, in one clause. */
export function tally({ kind, conditions }: OperationView): string {
  const ready = conditions.filter(({ axis }) => axis === 'Ready')
  const gone = ready.filter(({ reason }) => reason === 'Removed').length
  return kind === 'destroy'
    ? `${gone} of ${ready.length} resources gone`
    : `${ready.filter(({ status }) => status === 'True').length} of ${ready.length} resources ready`
}

/** `0:41:07` from two ISO times. */
export function elapsed(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

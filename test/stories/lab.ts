import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, openClient } from '../../cli/client.ts'
import { type ArmObject, type Azure, isWrite, type JournalRow, openAzure } from '../../lab/azure-client.ts'
import { type Lab, type LabOptions, startLab } from '../../lab/lab.ts'
import type { OperationView } from '../../src/operations/show.ts'

/** A running lab and its two clients; `await using` ends it. */
export interface Running extends AsyncDisposable {
  lab: Lab
  client: Client
  azure: Azure
}

/**
 * Virtual seconds per second. Not `max`: between two calls of a test the clock would run from one sweep to the next as fast as the machine can.
 */
export const quick = '3600'

/** The probes' timer asks every virtual minute, which is what no story but their own is about; that one switches it on. */
process.env['OPS_PROBES'] ??= 'off'

export async function running(options: LabOptions = {}): Promise<Running> {
  const lab = await startLab({ speed: quick, seed: '7', ...options })
  return {
    lab,
    client: openClient(lab.app, undefined),
    azure: openAzure(lab.azure, lab.ca),
    [Symbol.asyncDispose]: () => lab.stop(),
  }
}

/** The example document, as an environment of another name and with parts replaced. */
export function contoso(name = 'contoso', ...replacements: [from: string | RegExp, to: string][]): string {
  const text = readFileSync('examples/small.yaml', 'utf8').replace(/^name: contoso$/m, `name: ${name}`)
  return replacements.reduce((document, [from, to]) => {
    const changed = document.replace(from, to)
    if (changed === document) throw new Error(`the example has no ${from}`)
    return changed
  }, text)
}

const over = new Set<string>(['succeeded', 'partial', 'failed', 'cancelled'])

/** Sends the document and waits for its operation's end; calls that fail because a half is down are made again. */
export async function provision(client: Client, document = contoso()): Promise<OperationView> {
  const name = /^name: (.*)$/m.exec(document)?.[1] ?? ''
  return ended(client, await untilUp(() => client.apply(name, document)))
}

export async function ended(client: Client, id: string): Promise<OperationView> {
  for (;;) {
    const operation = await untilUp(() => client.operation(id))
    if (over.has(operation.state)) return operation
    await sleep(100)
  }
}

/** Tries until the app answers; what it answers is its caller's business. */
export async function untilUp<Value>(work: () => Promise<Value>): Promise<Value> {
  for (let tries = 0; ; tries++) {
    try {
      return await work()
    } catch (error) {
      const down =
        error instanceof TypeError ||
        (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' ||
        statusOf(error) === 503
      if (!down || tries > 300) throw error
      await sleep(50)
    }
  }
}

const statusOf = (error: unknown) => (error as { problem?: { status: number } }).problem?.status

/** Standing of one resource, by axis. */
export const condition = (operation: OperationView, resource: string, axis: 'Ready' | 'Synced' = 'Ready') =>
  operation.conditions.find((it) => it.resource === resource && it.axis === axis)

export const writesOf = async (azure: Azure): Promise<JournalRow[]> => (await azure.journal()).filter(isWrite)

/** What no two runs share: versions, ids Azure draws, times. */
const drawn = new Set([
  'etag',
  'resourceGuid',
  'principalId',
  'createdAtUtc',
  'ipAddress',
  'uniqueIdentifier',
  'internalId',
  'platformVersion',
  'systemData',
  'createdAt',
])

/** The world, without what Azure draws and without the order in which things were made: for comparing two runs. */
export const comparable = (resources: ArmObject[]): unknown =>
  settledOrder(JSON.parse(JSON.stringify(resources)))

function settledOrder(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(settledOrder).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return 'a time'
  // Given out in the order in which endpoints come up.
  if (typeof value === 'string' && /^\d+(\.\d+){3}$/.test(value)) return 'an address'
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !drawn.has(name))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, settledOrder(inner)]),
  )
}

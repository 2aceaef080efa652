import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { expand } from '../../src/environment/expand.ts'
import { parse } from '../../src/environment/parse.ts'
import type { Document } from '../../src/environment/schema.ts'
import { everything, type Here, openHere } from '../histories/world.ts'

/**
 * What the loop costs, on the usual temper: calls per resource, reads per sweep and resource, and how much longer a provision takes than Azure needs
 * for the longest chain of work in it.
 */
interface Figures {
  resources: number
  calls: number
  writes: number
  callsPerResource: number
  readsPerSweepAndResource: number
  virtualMinutes: number
  criticalPathMinutes: number
  makespanOverCriticalPath: number
  wallMsPerResource: number
}

const isoMinutes = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 60_000

/** The reference document as it is, and with more accounts of so many deployments: some 150, 300 and 550 resources. */
const sizes = { reference: [0, 0], twice: [14, 1], fourfold: [28, 3] } as const

const models = [
  ['gpt-4o', '2024-11-20'],
  ['gpt-4o-mini', '2024-07-18'],
  ['gpt-4.1', '2025-04-14'],
]

export async function run(json: boolean): Promise<void> {
  const here = await openHere({ surroundings: everything })
  const figures: Record<string, Figures> = {}
  for (const [name, [accounts, deployments]] of Object.entries(sizes))
    figures[name] = await measure(here, withAccounts(accounts, deployments))
  await here.close()
  const [first, , last] = Object.values(figures)
  const grows = first && last ? rounded(last.callsPerResource / first.callsPerResource) : undefined
  if (json)
    console.log(JSON.stringify({ bench: 'reconcile', figures, callsPerResourceLargestOverReference: grows }))
  else {
    console.table(figures)
    console.log(`calls per resource, largest over reference: ${grows}`)
  }
}

const rounded = (value: number, digits = 2) => Number(value.toFixed(digits))

async function measure(here: Here, document: Document): Promise<Figures> {
  await here.reset()
  const resources = expand(document, everything)
  const begunMs = performance.now()
  const operation = await here.carryOut({ kind: 'provision', document }, [])
  const wallMs = performance.now() - begunMs
  if (operation.state !== 'succeeded')
    throw new Error(
      JSON.stringify(operation.conditions.filter(({ status }) => status !== 'True').slice(0, 5)),
    )
  const arm = (await here.journal()).filter(({ plane }) => plane === 'arm')
  const writes = arm.filter(({ method }) => method !== 'GET').length
  await here.preview(document)
  const swept = (await here.journal()).filter(({ plane }) => plane === 'arm').length - arm.length
  const virtualMinutes = isoMinutes(operation.createdAt, operation.finishedAt ?? operation.createdAt)
  const criticalPathMinutes = await criticalPath(here, resources)
  return {
    resources: resources.length,
    calls: arm.length,
    writes,
    callsPerResource: rounded(arm.length / resources.length),
    readsPerSweepAndResource: rounded(swept / resources.length),
    virtualMinutes: rounded(virtualMinutes),
    criticalPathMinutes: rounded(criticalPathMinutes),
    makespanOverCriticalPath: rounded(virtualMinutes / criticalPathMinutes, 3),
    wallMsPerResource: rounded(wallMs / resources.length),
  }
}

/** The longest chain of dependencies, each link as long as Azure worked on it (its successful creation, by the simulated Azure's own books). */
async function criticalPath(
  here: Here,
  resources: { key: string; id: string; dependsOn: string[] }[],
): Promise<number> {
  const worked = await here.worked()
  const chains = new Map<string, number>()
  for (const { key, id, dependsOn } of resources) {
    const before = Math.max(0, ...dependsOn.map((needed) => chains.get(needed) ?? 0))
    chains.set(key, before + (worked.get(id.toLowerCase()) ?? 0))
  }
  return Math.max(...chains.values()) / 60_000
}

function withAccounts(count: number, deployed: number): Document {
  const text = readFileSync('examples/contoso.yaml', 'utf8')
  const more = Array.from({ length: count }, (_, index) => `contoso-x${index}`)
  const deployments = models
    .slice(0, deployed)
    .map(
      ([model, version]) => `{ model: ${model}, version: "${version}", sku: GlobalStandard, capacity: 10 }`,
    )
  const accounts = more.map(
    (name, index) =>
      `    - { name: ${name}, location: ${index % 2 ? 'eastus' : 'eastus2'}, deployments: [${deployments}] }`,
  )
  const members = more.map((name) => `        - { account: ${name}, bounds: [1, 95] }`)
  const larger = text
    .replace(/^data:/m, `${accounts.map((line) => `${line}\n`).join('')}data:`)
    .replace(/^( {6}balance: .*)$/m, `${members.map((line) => `${line}\n`).join('')}$1`)
    .replaceAll('bounds: [5, 95]', 'bounds: [1, 95]')
    .replace('192.168.2.0/26', '192.168.2.0/24')
  const parsed = parse(larger, 'contoso')
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.document
}

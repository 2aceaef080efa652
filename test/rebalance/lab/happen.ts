import type { ArmObject, Fault } from '../../../lab/azure-client.ts'
import type { JsonObject } from '../../../src/resources/kind.ts'
import { throttlingAlert } from '../../alerts/common-alert.ts'
import { strangerId } from '../../histories/ground.ts'
import type { Here } from '../../histories/world.ts'
import { eus } from '../world.ts'
import type { Happening } from './scenarios.ts'

const apiVersion = '2024-10-01-preview'

/** What happens to the simulated Azure in a minute of a scenario. */
export async function happens(here: Here, happening: Happening, minute: number): Promise<void> {
  if ('fault' in happening && happening.untilMinute === minute) await lift(here, happening.fault)
  if (happening.minute !== minute) return
  if ('fault' in happening) await here.addFault(happening.fault)
  else if ('alerts' in happening) await flood(here, happening.alerts)
  else if ('weights' in happening) await edit(here, happening.weights)
  else if ('description' in happening) await describe(here, happening.description)
  else await resize(here, happening)
}

async function flood(here: Here, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, number) =>
    throttlingAlert(number, 'Fired', { fired: new Date().toISOString() }),
  )
  const url = new URL('/_lab/eventhubs/evhns-ops/alerts', here.lab.azure.url)
  const headers = { 'content-type': 'application/json' }
  const answered = await fetch(url, { method: 'POST', headers, body: JSON.stringify(events) })
  if (!answered.ok) throw new Error(`events: ${answered.status} ${await answered.text()}`)
}

async function lift(here: Here, fault: Fault): Promise<void> {
  const base = here.lab.azure.url
  const there = (await (await fetch(new URL('/_lab/faults', base))).json()) as (Fault & { id: string })[]
  for (const { id, match, do: does } of there)
    if (match.path === fault.match.path && JSON.stringify(does) === JSON.stringify(fault.do))
      await fetch(new URL(`/_lab/faults/${id}`, base), { method: 'DELETE' })
}

const found = async (here: Here, end: string): Promise<ArmObject> => {
  const one = (await here.resources()).find(({ id }) => id.toLowerCase().endsWith(end))
  if (!one) throw new Error(`there is no ${end}`)
  return one
}

async function edit(here: Here, [ours, theirs]: [number, number]): Promise<void> {
  const pool = await found(here, '/backends/gpt-4o')
  const properties = structuredClone(pool.properties) as { pool: { services: JsonObject[] } }
  for (const service of properties.pool.services)
    service['weight'] = String(service['id']).endsWith(eus) ? ours : theirs
  await by(here, 'PUT', `${pool.id}?api-version=${apiVersion}`, { properties })
}

async function describe(here: Here, description: string): Promise<void> {
  const { id, properties } = await found(here, '/backends/gpt-4o')
  await by(here, 'PUT', `${id}?api-version=${apiVersion}`, { properties: { ...properties, description } })
}

async function resize(here: Here, { account, capacity }: { account: string; capacity: number }) {
  const { id, sku, properties } = await found(here, `/accounts/${account}/deployments/gpt-4o`)
  const body = { sku: { ...(sku as object), capacity }, properties: writable(properties ?? {}) }
  await by(here, 'PUT', `${id}?api-version=2025-06-01`, body)
}

const writable = ({ model, versionUpgradeOption, raiPolicyName }: Record<string, unknown>) => ({
  model,
  versionUpgradeOption,
  ...(raiPolicyName === undefined ? {} : { raiPolicyName }),
})

/** Somebody who is not the app. No time goes by meanwhile. */
async function by(here: Here, method: string, path: string, body: unknown): Promise<void> {
  const { token } = await here.lab.post<{ token: string }>('/_lab/tokens', {
    audience: 'https://management.azure.com',
    roles: [],
    name: 'a stranger',
    objectId: strangerId,
  })
  const answered = await fetch(new URL(path, here.lab.azure.url), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answered.ok) throw new Error(`${method} ${path}: ${answered.status} ${await answered.text()}`)
}

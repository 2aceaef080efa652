import { afterAll, beforeAll, expect, test } from 'vitest'
import type { z } from 'zod'
import { Incidents, Probes, Proof } from '../../functions/probe-schemas.ts'
import type { ArmObject } from '../../lab/azure-client.ts'
import { ended, type Running } from './lab.ts'
import { provisioned } from './provisioned.ts'

/** The whole environment, probed minute by minute: proven, broken by strangers, told once, mended, told to be over. */
let here: Running
beforeAll(async () => {
  process.env['OPS_PROBES'] = 'on'
  here = await provisioned()
}, 240_000)
afterAll(() => here[Symbol.asyncDispose]())

async function get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  const answer = await fetch(new URL(`/api/environments/contoso/${path}`, here.lab.app))
  return schema.parse(await answer.json())
}
const probes = () => get('probes', Probes)
const incidents = async () => (await get('incidents', Incidents)).incidents
const minutes = async (count: number) => {
  for (let left = count; left > 0; left--) await here.azure.advance(60)
}
const find = async (picked: (it: ArmObject) => boolean) =>
  (await here.azure.resources()).find(picked) as ArmObject

test('all of it is proven: every provable resource, by probes that are green', async () => {
  await minutes(4)
  const { probes: all, coverage, budget } = await probes()
  const red = all.filter(({ vantage, stands }) => vantage === 'inside' && stands !== 'passing')
  // A gateway that only the probes call has no split to speak of.
  expect(
    red.flatMap(({ id, why, stands }) => (id.startsWith('distribution/') ? [] : { id, why, stands })),
  ).toEqual([])
  expect(coverage.covered).toBe(coverage.provable)
  expect(budget.dollars).toBeLessThan(10)
  const proof = await get('proof', Proof)
  expect(proof.resources.filter(({ is }) => is === 'failing' || is === 'stale')).toEqual([])
  expect(await incidents()).toEqual([])
}, 120_000)

test('a zone’s link that a stranger removes is one alert that names it, and the rest is muted; restored, it is resolved', async () => {
  const link = await find(
    ({ type, id }) =>
      type.toLowerCase() === 'microsoft.network/privatednszones/virtualnetworklinks' &&
      id.includes('privatelink.openai.azure.com'),
  )
  await here.azure.arm('DELETE', `${link.id}?api-version=2024-06-01`)
  await minutes(4)
  const fired = await incidents()
  expect(fired).toMatchObject([{ state: 'fired' }])
  expect(fired[0]?.cause.resource).toContain('privatelink.openai.azure.com')
  expect(fired[0]?.cause.muted.length).toBeGreaterThan(0)
  const { probes: broken } = await probes()
  expect(broken.filter(({ stands }) => stands === 'muted').length).toBeGreaterThan(0)
  expect((await ended(here.client, await here.client.repair('contoso'))).state).toBe('succeeded')
  await minutes(4)
  const after = await incidents()
  expect(after.map(({ state }) => state)).toEqual(['resolved'])
  expect(after[0]?.told).toMatchObject([
    { is: 'fired', logged: true },
    { is: 'resolved', logged: true },
  ])
}, 120_000)

test('public access that a stranger switches on is red within one round', async () => {
  const account = await find(
    ({ name, type }) => name === 'contoso-eus2' && type === 'Microsoft.CognitiveServices/accounts',
  )
  await here.azure.arm('PATCH', `${account.id}?api-version=2025-06-01`, {
    properties: { publicNetworkAccess: 'Enabled' },
  })
  await minutes(1)
  const { probes: all } = await probes()
  const red = all.filter(({ stands, vantage }) => stands === 'failing' && vantage === 'inside')
  expect(red.map(({ id }) => id).join(' ')).toContain('contoso-eus2')
}, 60_000)

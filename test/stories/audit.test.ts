import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Audit } from '../../functions/schemas.ts'
import { lines } from '../gateway-audit/gateway.ts'
import type { Running } from './lab.ts'
import { provisioned } from './provisioned.ts'

/** The audit through its door and its command, in the running lab: Azure's own measurements and log, real roles. */

const backend =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-contoso-ai/providers/Microsoft.ApiManagement/service/contoso-apim/backends/contoso-eus2--gpt-4o'

let here: Running
beforeAll(async () => {
  here = await provisioned()
}, 120_000)
afterAll(() => here?.[Symbol.asyncDispose]())

const audited = async () => Audit.parse(await here.client.audit('contoso'))

test('what the service made has nothing that costs calls or may, and everything can be read', async () => {
  const { findings, unread } = await audited()
  expect(unread).toEqual([])
  expect(lines(findings)).toEqual(['note: tier-for-trying, service contoso-apim'])
})

test('what a stranger did under load is told with what it costs here', async () => {
  const path = `${backend}?api-version=2024-10-01-preview`
  const { properties } = await here.azure.arm<{ properties: object }>('GET', path)
  await here.azure.arm('PUT', path, { properties: { ...properties, circuitBreaker: null } })
  await here.azure.startTraffic({
    gateway: 'contoso-apim',
    deployment: 'gpt-4o',
    trace: { synthetic: 'conversation', minutes: 4, seed: 5 },
    scale: 0.5,
  })
  await here.azure.advance(16 * 60)
  const { findings, unread } = await audited()
  expect(unread).toEqual([])
  const [first] = findings
  expect(first).toMatchObject({ id: 'breaker-missing', where: { backend: 'contoso-eus2--gpt-4o' } })
  expect(first?.figure).toMatch(
    /^measured here: [1-9]\d* of [1-9]\d* calls to its deployment were answered 429; /,
  )
}, 120_000)

test('the command says it to people, and as JSON', async () => {
  const ops = async (...options: string[]) =>
    (await promisify(execFile)(process.execPath, ['cli/ops.ts', '--url', here.lab.app, ...options])).stdout
  const text = await ops('audit', 'contoso')
  expect(text).toMatch(/^costs calls breaker-missing {2}backend contoso-eus2--gpt-4o: has no circuit breaker/)
  expect(text.trim().split('\n').at(-1)).toMatch(/^contoso: 1 cost calls, \d at risk, \d to note$/)
  const json = (await ops('--json', 'audit', 'contoso')).trim().split('\n').at(-1) ?? ''
  expect(Audit.parse(JSON.parse(json)).environment).toBe('contoso')
  await expect(ops('audit', 'nobody')).rejects.toMatchObject({ code: 2 })
})

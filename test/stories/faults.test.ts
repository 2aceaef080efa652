import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Fault } from '../../lab/azure-client.ts'
import { comparable, condition, contoso, provision, type Running, running, writesOf } from './lab.ts'

/**
 * Each failure of Azure that the loop handles, struck at calls spread over a whole provision. Provision converges, or ends `partial` with a
 * condition that says what, why and what next. One lab on the fast temper; the world goes back to the home before each case.
 */
let here: Running
let home: unknown
let calls: number
let undisturbed: ReturnType<typeof comparable>
beforeAll(async () => {
  // Slower than the other stories, so that sweeps hardly ever come between a fault and the call it is meant for.
  here = await running({ temper: 'fast', speed: '600' })
  home = await here.azure.snapshot()
  expect((await provision(here.client, contoso('undisturbed'))).state).toBe('succeeded')
  calls = (await here.azure.journal()).filter(({ plane }) => plane === 'arm').length
  undisturbed = comparable(await here.azure.resources())
}, 60_000)
afterAll(() => here[Symbol.asyncDispose]())

let run = 0
async function provisionWith(...faults: Fault[]) {
  await here.azure.restore(home)
  for (const fault of faults) await here.azure.addFault(fault)
  const operation = await provision(here.client, contoso(`run-${++run}`))
  const struck = (await here.azure.journal()).filter(({ fault }) => fault !== undefined).length
  for (const { id } of await here.azure.faults()) await here.azure.removeFault(id)
  return { operation, struck, world: comparable(await here.azure.resources()) }
}

const error = (code: string) => ({ error: { code, message: `${code}, says the lab` } })

const passing: [name: string, act: Fault['do'], match?: Partial<Fault['match']>][] = [
  ['429 with Retry-After', { status: 429, headers: { 'retry-after': '20' }, body: error('TooManyRequests') }],
  ['500', { status: 500, body: error('InternalServerError') }],
  ['503 without a body', { status: 503 }],
  ['a connection reset', { reset: true }],
  ['a response lost after success', { loseResponse: true }],
  ['409 in a lock domain', { status: 409, body: error('AnotherOperationInProgress') }, { method: 'PUT' }],
  ['412', { status: 412, body: error('PreconditionFailed') }, { method: 'PUT' }],
  ['404 right after create', { status: 404, body: error('ResourceNotFound') }, { method: 'GET', count: 4 }],
  [
    'an expired token',
    {
      status: 401,
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      body: error('ExpiredAuthenticationToken'),
    },
  ],
]

describe('what passes is waited out, at whichever call it strikes', () => {
  test.each(passing)(
    '%s',
    async (_name, act, match = {}) => {
      let positionsStruck = 0
      for (const part of [0.05, 0.25, 0.45, 0.65, 0.85]) {
        const among = match.method === 'PUT' ? 22 : match.method === 'GET' ? calls - 22 : calls
        const from = Math.max(1, Math.round(among * part))
        const { operation, struck, world } = await provisionWith({
          match: { plane: 'arm', from, count: 2, ...match },
          do: act,
        })
        if (struck > 0) positionsStruck++
        expect(
          operation.state,
          `at call ${from}: ${JSON.stringify(operation.conditions.filter(({ status }) => status !== 'True'))}`,
        ).toBe('succeeded')
        expect(world).toEqual(undisturbed)
      }
      // Runs differ by a few calls, so the last position may lie behind the end of one.
      expect(positionsStruck, 'a fault that never struck proves nothing').toBeGreaterThanOrEqual(4)
    },
    60_000,
  )

  test('a token endpoint that is down for a while', async () => {
    const { operation, world } = await provisionWith({
      match: { plane: 'token', count: 3 },
      do: { status: 500 },
    })
    expect(operation.state).toBe('succeeded')
    expect(world).toEqual(undisturbed)
  })

  test('a lost response leads to at most one repeated PUT, and to none where Azure shows the result', async () => {
    const { operation } = await provisionWith({
      match: { plane: 'arm', method: 'PUT', from: 1, count: 100 },
      do: { loseResponse: true },
    })
    expect(operation.state).toBe('succeeded')
    const puts = Map.groupBy(await writesOf(here.azure), ({ url }) => url)
    expect(Math.max(...[...puts.values()].map(({ length }) => length))).toBeLessThanOrEqual(2)
  })
})

describe('what does not pass is reported where it is, and the rest is finished', () => {
  const apim = 'api-management/contoso-apim'
  const apimPath = 'Microsoft.ApiManagement/service/contoso-apim\\?'

  test('a provisioning that fails, each time', async () => {
    const { operation } = await provisionWith({
      match: { plane: 'arm', method: 'PUT', path: apimPath, count: 100 },
      do: { provisioning: 'failed', body: error('ActivationFailed') },
    })
    expect(operation.state).toBe('partial')
    expect(condition(operation, apim)).toMatchObject({ status: 'False', reason: 'ActivationFailed' })
    expect(condition(operation, apim)?.message).toMatch(/says the lab.*apply the document again/)
    const record = condition(operation, 'dns-record/contoso-apim.scm.azure-api.net')
    expect(record).toMatchObject({ status: 'False', reason: 'Blocked' })
    expect(record?.message).toContain(apim)
    for (const done of [
      'subnet/snet-private-endpoints',
      'dns-link/contoso-apim.scm.azure-api.net',
      'subnet/snet-agents',
    ])
      expect(condition(operation, done)?.status, done).toBe('True')
  })

  test('a provisioning that fails once is tried again', async () => {
    const { operation, world } = await provisionWith({
      match: { plane: 'arm', method: 'PUT', path: apimPath, count: 1 },
      do: { provisioning: 'failed', body: error('ActivationFailed') },
    })
    expect(operation.state).toBe('succeeded')
    expect(world).toEqual(undisturbed)
  })

  test('a provisioning that never ends', async () => {
    const { operation } = await provisionWith({
      match: { plane: 'arm', method: 'PUT', path: 'publicIPAddresses', count: 1 },
      do: { provisioning: 'stuck' },
    })
    expect(operation.state).toBe('partial')
    expect(condition(operation, 'public-ip/pip-contoso-apim')).toMatchObject({ reason: 'Stuck' })
    expect(condition(operation, apim)?.message).toContain('public-ip/pip-contoso-apim')
  })

  test('a policy that forbids it, with the remedy', async () => {
    const { operation } = await provisionWith({
      match: { plane: 'arm', method: 'PUT', path: 'nsg-apim', count: 1000 },
      do: { status: 403, body: error('RequestDisallowedByPolicy') },
    })
    expect(operation.state).toBe('partial')
    expect(condition(operation, 'security-group/nsg-apim')).toMatchObject({
      reason: 'RequestDisallowedByPolicy',
    })
    expect(condition(operation, 'security-group/nsg-apim')?.message).toContain('exemption')
    expect((await writesOf(here.azure)).filter(({ url }) => url.includes('nsg-apim'))).toHaveLength(1)
  })

  test('and once the cause is gone, the same document again finishes what is left', async () => {
    await provisionWith({
      match: { plane: 'arm', method: 'PUT', path: 'nsg-apim', count: 1000 },
      do: { status: 403, body: error('RequestDisallowedByPolicy') },
    })
    const again = await provision(here.client, contoso(`run-${run}`))
    expect(again.state).toBe('succeeded')
    expect(again.steps.map(({ resource }) => resource)).not.toContain('security-group/nsg-private-endpoints')
    expect(comparable(await here.azure.resources())).toEqual(undisturbed)
  })
})

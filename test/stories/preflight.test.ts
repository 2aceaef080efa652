import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Preflight } from '../../functions/schemas.ts'
import { contoso, type Running, running, writesOf } from './lab.ts'

/** What preflight tells of the home, and of the faults that strangers make in it. */
let here: Running
beforeAll(async () => {
  here = await running()
})
afterAll(() => here[Symbol.asyncDispose]())

const group = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-contoso-ai'
const preflight = async (document: string) => {
  const response = await fetch(new URL('/api/environments/contoso/preflight', here.lab.app), {
    method: 'POST',
    body: document,
  })
  expect(response.status).toBe(200)
  return Preflight.parse(await response.json())
}
const failures = async (document: string) =>
  (await preflight(document)).findings.filter(({ result }) => result === 'FAIL')
const example = (name: string) => readFileSync(`examples/${name}.yaml`, 'utf8')
/** Azure asks some questions with POST: whether a name is free. */
const written = async () =>
  (await writesOf(here.azure)).filter(({ url }) => !/check\w+Availability/.test(url))

describe('the home and the examples', () => {
  for (const name of ['small', 'contoso', 'two-regions'])
    test(`${name}: nothing fails, nothing is unknown, nothing is written, in seconds`, async () => {
      const before = (await written()).length
      const startedMs = performance.now()
      const { summary, findings, unknown } = await preflight(example(name))
      expect(performance.now() - startedMs).toBeLessThan(20_000)
      expect(findings.filter(({ result }) => result === 'FAIL')).toEqual([])
      expect(unknown).toEqual([])
      expect(summary.pass).toBeGreaterThan(100)
      expect(await written()).toHaveLength(before)
    })

  test('the command ends with 0 when nothing fails and with 1 when something does', async () => {
    const ops = (file: string) =>
      promisify(execFile)(process.execPath, ['cli/ops.ts', '--url', here.lab.app, 'preflight', file])
    const { stdout } = await ops('examples/small.yaml')
    expect(stdout).toMatch(/^WARN GTW-001 gateway.apim.sku/m)
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^contoso: 0 FAIL, \d+ WARN, \d+ PASS, 0 unknown$/)
    await braked(async () => {
      await expect(ops('examples/small.yaml')).rejects.toMatchObject({
        code: 1,
        stdout: expect.stringContaining('FAIL GRP-004'),
      })
    })
  })

  test('without a document it is the stored one that is meant, and there is none', async () => {
    const response = await fetch(new URL('/api/environments/nobody/preflight', here.lab.app), {
      method: 'POST',
    })
    expect(response.status).toBe(404)
  })

  test('a document that is none is refused as everywhere', async () => {
    const response = await fetch(new URL('/api/environments/contoso/preflight', here.lab.app), {
      method: 'POST',
      body: contoso('contoso', ['rg-contoso-ai', 'rg-of-others']),
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ faults: [{ path: 'resourceGroup' }] })
  })
})

/** Somebody puts the brake on, and takes it off again. */
async function braked(meanwhile: () => Promise<void>): Promise<void> {
  const tags = (value: Record<string, string>) =>
    here.azure.arm('PATCH', `${group}?api-version=2021-04-01`, { tags: value })
  await tags({ 'ops-pause': 'true' })
  try {
    await meanwhile()
  } finally {
    await tags({ owner: 'platform' })
  }
}

describe('finds, with a remedy,', () => {
  test('the app’s subnet under a name it does not have', async () => {
    const [found] = await failures(contoso('contoso', ['snet-agents-ops', 'snet-nowhere']))
    expect(found).toMatchObject({ code: 'OPS-001', resource: 'subnet/snet-nowhere' })
    expect(found?.remedy).toContain('network.agents.ops.existing')
  })

  test('a subnet that a stranger has put in the way', async () => {
    const id = `${group}/providers/Microsoft.Network/virtualNetworks/vnet-contoso-ai/subnets/snet-jump-boxes`
    await here.azure.arm('PUT', `${id}?api-version=2025-05-01`, {
      properties: { addressPrefix: '192.168.2.32/27' },
    })
    await here.azure.advance(60)
    expect(await failures(contoso())).toMatchObject([
      {
        code: 'VNT-004',
        resource: 'subnet/snet-private-endpoints',
        remedy: expect.stringContaining('free range'),
      },
    ])
    await here.azure.arm('DELETE', `${id}?api-version=2025-05-01`)
    await here.azure.advance(60)
  })

  test('the brake on the group', async () => {
    await braked(async () => {
      expect(await failures(contoso())).toMatchObject([
        { code: 'GRP-004', resource: group, remedy: expect.stringContaining('ops-pause') },
      ])
    })
  })

  test('a name that a deleted service still holds', async () => {
    const service = `${group}/providers/Microsoft.ApiManagement/service/contoso-apim?api-version=2024-05-01`
    await here.azure.arm('PUT', service, {
      location: 'eastus',
      sku: { name: 'Developer', capacity: 1 },
      properties: { publisherName: 'Stranger', publisherEmail: 'stranger@contoso.example' },
    })
    await here.azure.advance(2 * 3600)
    await here.azure.arm('DELETE', service)
    await here.azure.advance(2 * 3600)
    expect(await failures(contoso())).toMatchObject([
      { code: 'DEL-001', path: 'gateway.apim.name', remedy: expect.stringContaining('purge') },
    ])
  })

  test('a name that somebody else on Earth has', async () => {
    const found = await failures(contoso('contoso', ['name: contoso-apim', 'name: fabrikam']))
    expect(found).toMatchObject([{ code: 'AVL-001', path: 'gateway.apim.name' }])
  })
})

test('what Azure refuses to tell is unknown, and the rest is told', async () => {
  const { id } = await here.azure.addFault({
    match: { plane: 'arm', method: 'GET', path: '/usages', count: 10 },
    do: { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } },
  })
  const { unknown, findings } = await preflight(example('contoso'))
  await here.azure.removeFault(id)
  expect(new Set(unknown.map(({ code }) => code))).toEqual(new Set(['QTA-001', 'QTA-002', 'QTA-003']))
  expect(findings.some(({ code }) => code.startsWith('QTA'))).toBe(false)
  expect(findings.some(({ code, result }) => code === 'MDL-001' && result === 'PASS')).toBe(true)
})

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as z from 'zod'
import { Refused } from '../../cli/client.ts'
import { Imported, ProblemDetails } from '../../functions/schemas.ts'
import { parse } from '../../src/environment/parse.ts'
import type { Document } from '../../src/environment/schema.ts'
import { fabrikam, group } from '../import/fabrikam.ts'
import { provision, type Running, running, writesOf } from './lab.ts'

/** What is made from a document is described by it again; what others made is described as far as the language goes, and the rest is named. */

function documentOf(text: string): Document {
  const parsed = parse(text, 'contoso')
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.document
}

/** A document without what Azure does not know of it. */
const known = ({ gateway, foundry, ...rest }: Document) => ({
  ...rest,
  mode: 'not in Azure',
  probes: 'not in Azure',
  repair: 'not in Azure',
  gateway: {
    ...gateway,
    pools: gateway.pools.map((pool) => ({
      ...pool,
      balance: 'not in Azure',
      members: pool.members.map(({ bounds: _, ...member }) => member),
    })),
  },
  // Nor in which order they were written.
  foundry: { accounts: foundry.accounts.toSorted((a, b) => (a.name < b.name ? -1 : 1)) },
})

describe.each(['small', 'contoso', 'two-regions'])('%s, provisioned and imported,', (example) => {
  let here: Running
  let original: string
  let imported: z.infer<typeof Imported>
  let written: number
  beforeAll(async () => {
    original = readFileSync(`examples/${example}.yaml`, 'utf8')
    here = await running({ temper: 'fast' })
    expect((await provision(here.client, original)).state).toBe('succeeded')
    written = (await writesOf(here.azure)).length
    // A gateway without pools does not say whose it is.
    imported = Imported.parse(
      await here.client.importGroup('rg-contoso-ai', example === 'small' ? { name: 'contoso' } : {}),
    )
  }, 120_000)
  afterAll(() => here[Symbol.asyncDispose]())

  test('is a document that is accepted', () => {
    expect(documentOf(imported.yaml)).toEqual(imported.document)
    expect(imported.notes.filter(({ is }) => is === 'fault' || is === 'unreadable')).toEqual([])
  })

  test('whose plan is empty', () => {
    expect(imported.plan).toMatchObject({ environment: 'contoso', steps: [], unreadable: [] })
  })

  test('whose plan elsewhere takes everything over as it is, but for what carries the environment’s name', async () => {
    const { plan } = Imported.parse(await here.client.importGroup('rg-contoso-ai', { name: 'elsewhere' }))
    expect(plan?.adopted).toContain('api-management/contoso-apim')
    const named = /^(?:named-value\/ops-environment|subscription\/elsewhere|metric-alert\/.*)$/
    expect(plan?.steps.map(({ resource }) => resource).filter((it) => !named.test(it))).toEqual([])
  })

  test('equal to the original but for what Azure does not know', () => {
    expect(known(documentOf(imported.yaml))).toEqual(known(documentOf(original)))
  })

  test('which fits on a page', () => {
    expect(imported.yaml.trim().split('\n').length).toBeLessThan(60)
  })

  test('without a write, a stored environment more, or a question for a secret', async () => {
    expect(await writesOf(here.azure)).toHaveLength(written)
    const asked = (await here.azure.journal()).map(({ url }) => url)
    expect(asked.filter((url) => /listKeys|listSecrets|listValue|\/secrets/i.test(url))).toEqual([])
  })

  test('every resource of the home that it leaves out is named', async () => {
    const { notes } = imported
    for (const name of ['nsg-agents', 'rt-agents', 'log-ops', 'evhns-ops', 'ag-ops'])
      expect(
        notes.filter(({ is, resource }) => is === 'left out' && resource?.endsWith(`/${name}`)),
      ).toHaveLength(1)
  })
})

describe('a group that somebody else’s template made', () => {
  let here: Running
  let imported: z.infer<typeof Imported>
  let written: number
  const id = (path: string) => `${group}/providers/${path}`
  const about = (path: string) => imported.notes.filter(({ resource }) => resource === id(path))

  beforeAll(async () => {
    here = await running({ temper: 'fast' })
    await fabrikam(here.azure)
    written = (await writesOf(here.azure)).length
    imported = Imported.parse(await here.client.importGroup('rg-contoso-ai', {}))
  }, 120_000)
  afterAll(() => here[Symbol.asyncDispose]())

  test('is described: its odd names, its weights, what its policy says', () => {
    expect(imported.notes.filter(({ is }) => is === 'fault' || is === 'unreadable')).toEqual([])
    expect(imported.document).toMatchObject({
      name: 'contoso-ai',
      mode: 'observe',
      network: {
        vnet: { name: 'net-hub', addressSpace: '10.9.0.0/16' },
        subnets: { apim: '10.9.0.0/28', privateEndpoints: '10.9.1.0/27' },
      },
      gateway: {
        apim: { name: 'fabrikam-gw', publisher: { name: 'Fabrikam' } },
        api: { path: 'llm', rateLimit: { calls: 100, windowSeconds: 60 } },
        pools: [
          {
            name: 'chat-pool',
            deployment: 'chat',
            members: [
              { account: 'fabrikam-ai', weight: 100, bounds: [5, 98] },
              { account: 'fabrikam-second', weight: 3, bounds: [2, 95] },
            ],
          },
        ],
      },
    })
  })

  test('the service that is not internal is named, and why the other was taken', () => {
    expect(about('Microsoft.ApiManagement/service/fabrikam-open')).toMatchObject([
      {
        is: 'left out',
        message: expect.stringContaining('fabrikam-gw was taken: this one is not in internal mode'),
      },
    ])
  })

  test('an account behind somebody else’s endpoint is existing, so that no second endpoint takes its names', () => {
    expect(imported.document?.foundry.accounts).toMatchObject([
      { name: 'fabrikam-ai', existing: true },
      { name: 'fabrikam-second', deployments: [{ name: 'chat' }] },
    ])
    expect(imported.document?.foundry.accounts[1]).not.toHaveProperty('existing')
    expect(about('Microsoft.CognitiveServices/accounts/fabrikam-ai')).toMatchObject([
      { is: 'existing', remedy: expect.stringContaining('endpoint-7') },
    ])
    expect(imported.plan?.steps.map(({ resource }) => resource)).not.toContain(
      'private-endpoint/pe-fabrikam-ai-account',
    )
  })

  test('a half-made pool, and the member that leads nowhere, are named', () => {
    expect(about('Microsoft.ApiManagement/service/fabrikam-gw/backends/half-made')).toMatchObject([
      { message: expect.stringContaining('https://nobody.openai.azure.com/openai') },
      { message: expect.stringContaining('no member can be described') },
    ])
    expect(
      about('Microsoft.ApiManagement/service/fabrikam-gw/backends/chat-pool').map(({ is }) => is),
    ).toEqual(['left out', 'taken', 'assumed', 'assumed'])
  })

  test('what no field speaks of is named, and so are names that a document cannot say', () => {
    expect(about('Microsoft.Storage/storageAccounts/fabrikamfiles')).toMatchObject([{ is: 'left out' }])
    expect(about('Microsoft.Network/publicIPAddresses/gw-ip')).toMatchObject([{ is: 'left out' }])
    for (const name of ['gw', 'links'])
      expect(
        about(`Microsoft.Network/virtualNetworks/net-hub/subnets/${name}`).map(({ message }) => message),
      ).toContainEqual(expect.stringContaining('Azure refuses a second subnet in one range'))
  })

  test('what the document would change is its plan', () => {
    const steps = new Map(imported.plan?.steps.map((step) => [step.resource, step]))
    expect(steps.get('api-management/fabrikam-gw')?.changes.map(({ path }) => path)).toContain(
      'properties.publicIpAddressId',
    )
    expect(steps.get('account/fabrikam-second')?.changes).toContainEqual({
      path: 'properties.publicNetworkAccess',
      before: 'Enabled',
      after: 'Disabled',
    })
    expect(steps.get('subnet/snet-apim')?.action).toBe('create')
  })

  test('and nothing was written', async () => {
    expect(await writesOf(here.azure)).toHaveLength(written)
  })

  test('the command prints the document alone to stdout, notes and plan to stderr', async () => {
    const ops = (...options: string[]) =>
      promisify(execFile)(process.execPath, ['cli/ops.ts', '--url', here.lab.app, ...options])
    const { stdout, stderr } = await ops('import', 'rg-contoso-ai', '--name', 'contoso')
    expect(documentOf(stdout).gateway.apim.name).toBe('fabrikam-gw')
    expect(stderr).toMatch(/^existing +foundry.accounts .*fabrikam-ai:/m)
    expect(stderr).toMatch(/^contoso: \d+ steps, at least/m)
    const file = join(mkdtempSync(join(tmpdir(), 'ops-import-')), 'contoso.yaml')
    expect((await ops('import', 'rg-contoso-ai', '--name', 'contoso', '--out', file)).stdout).toBe('')
    expect(readFileSync(file, 'utf8')).toBe(stdout)
    rmSync(dirname(file), { recursive: true })
    const json = await ops('--json', 'import', 'rg-contoso-ai')
    expect(Imported.parse(JSON.parse(json.stdout.trim().split('\n').at(-1) ?? '')).yaml).toContain(
      'fabrikam-gw',
    )
    await expect(ops('import', 'rg-somebody-elses')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('rg-somebody-elses'),
    })
  })

  test('a name of another service is refused with the choice', async () => {
    const refused = here.client.importGroup('rg-contoso-ai', { apim: 'contoso-apim' })
    await expect(refused).rejects.toThrow(Refused)
    await expect(refused).rejects.toMatchObject({
      problem: { status: 409, faults: [{ remedy: 'name one of fabrikam-gw and fabrikam-open' }] },
    })
  })

  test('what Azure refuses to tell is unreadable, and the rest is told', async () => {
    const { id: fault } = await here.azure.addFault({
      match: { plane: 'arm', method: 'GET', path: '/storageAccounts', count: 10 },
      do: { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } },
    })
    const { notes, document } = Imported.parse(await here.client.importGroup('rg-contoso-ai', {}))
    await here.azure.removeFault(fault)
    expect(document?.gateway.apim.name).toBe('fabrikam-gw')
    expect(notes[0]).toMatchObject({
      is: 'unreadable',
      resource: id('Microsoft.Storage/storageAccounts'),
      message: expect.stringContaining('AuthorizationFailed'),
    })
  })
})

test('a group that is not the app’s, or has no gateway, is refused', async () => {
  await using here = await running({ temper: 'fast' })
  const problemOf = async (body: object) => {
    const response = await fetch(new URL('/api/import', here.lab.app), {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return ProblemDetails.parse(await response.json())
  }
  expect(await problemOf({ resourceGroup: 'rg-of-others' })).toMatchObject({
    status: 400,
    faults: [{ path: 'resourceGroup', problem: expect.stringContaining('rg-of-others') }],
  })
  expect(await problemOf({ resourceGroup: 'rg-contoso-ai' })).toMatchObject({
    status: 409,
    reason: 'not-describable',
    faults: [{ path: 'gateway.apim', problem: 'there is no API Management service in rg-contoso-ai' }],
  })
  expect(await problemOf({ group: 'rg-contoso-ai' })).toMatchObject({ status: 400, reason: 'invalid-import' })
})

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contoso, type Running, running } from './lab.ts'

/** What people type, and what it prints and leaves. */
interface Printed {
  code: number
  out: string
  err: string
}

const run = (script: string, options: string[], environment: Record<string, string> = {}): Promise<Printed> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [script, ...options],
      { env: { ...process.env, ...environment } },
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })

const lastLine = (text: string): unknown => JSON.parse(text.trim().split('\n').at(-1) ?? '')

describe('npm start -- --once', () => {
  test('plays the story to its end and exits 0, with one JSON document as its last line', async () => {
    const { code, out } = await run('lab/story/main.ts', ['--once', '--json'], { OPS_PROBES: 'on' })
    expect(code).toBe(0)
    const { held, steps } = lastLine(out) as { held: boolean; steps: { step: string; held: boolean }[] }
    expect(held).toBe(true)
    expect(steps.map(({ step }) => step)).toEqual([
      'provision from nothing',
      'a private gateway',
      'the home untouched',
      'the same document again',
      'proven by calls from inside',
      'what must not work does not',
      'a model answers directly, to a person with the role',
      'a model answers through the gateway, to a subscription key',
      'a model answers through the project',
      'from the internet the account refuses',
      'from the internet the gateway has no name',
      'a throttled region is told of',
      'weights follow what is really there',
      'what was moved is no drift',
      'one alert that names the cause',
      'repaired',
      'and told to be over',
    ])
  }, 180_000)

  test('interrupted, it leaves no process and no state behind', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'ops-interrupted-'))
    const story = spawn(process.execPath, ['lab/story/main.ts', '--once'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: temporary },
    })
    for await (const chunk of story.stdout) if (String(chunk).includes('plan:')) break
    await sleep(200)
    story.kill('SIGINT')
    const [code] = (await once(story, 'exit')) as [number]
    expect(code).toBe(130)
    expect(readdirSync(temporary).filter((name) => name.startsWith('ops-lab'))).toEqual([])
    rmSync(temporary, { recursive: true })
  })
})

describe('ops', () => {
  let here: Running
  let folder: string
  beforeAll(async () => {
    here = await running({ temper: 'fast' })
    folder = mkdtempSync(join(tmpdir(), 'ops-documents-'))
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await here[Symbol.asyncDispose]()
  })
  const ops = (...options: string[]) => run('cli/ops.ts', ['--url', here.lab.app, ...options])

  test('apply sends a document, --watch follows it to its end', async () => {
    const { code, out } = await ops('apply', 'examples/small.yaml', '--watch')
    expect(out).toMatch(/plan: 22 steps/)
    expect(out).toMatch(/✓ api-management\/contoso-apim .*is as described/)
    expect(out).toMatch(/succeeded: 24 of 24 resources ready/)
    expect(code).toBe(0)
  })

  test('status shows how an environment stands; --json as one document', async () => {
    expect((await ops('status', 'contoso')).out).toMatch(/^contoso: succeeded \(contoso-provision-/)
    const { out, code } = await ops('--json', 'status', 'contoso')
    expect(lastLine(out)).toMatchObject({ name: 'contoso', operation: { state: 'succeeded' } })
    expect(code).toBe(0)
  })

  test('a bad document is refused with every fault, and exit code 2', async () => {
    const file = join(folder, 'bad.yaml')
    writeFileSync(
      file,
      contoso('contoso', ['sku: Developer', 'sku: Basic'], ['location: eastus', 'region: eastus']),
    )
    const { code, err } = await ops('apply', file)
    expect(code).toBe(2)
    for (const field of ['gateway.apim.sku', 'location', 'region']) expect(err).toContain(field)
  })

  test('plan shows what would be done; apply --watch ends with exit code 1 where approval is needed, and says how', async () => {
    const file = join(folder, 'premium.yaml')
    writeFileSync(file, contoso('contoso', ['sku: Developer', 'sku: Premium']))
    expect((await ops('plan', file)).out).toMatch(
      /~ api-management.*disruptive: needs approval[\s\S]*sku.name: "Developer" → "Premium"/,
    )
    const { code, out } = await ops('apply', file, '--watch')
    expect(code).toBe(1)
    const [, operation, planHash] = /ops approve (\S+) (\S+)/.exec(out) ?? []
    expect((await ops('approve', operation ?? '', planHash ?? '')).code).toBe(0)
    expect((await ops('status', 'contoso', '--watch')).out).toMatch(/succeeded: 24 of 24/)
  })

  test('what is not there, and an app that is not up, are said in one line', async () => {
    expect(await ops('status', 'nobody')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^404 not-found: .*nobody/),
    })
    const down = await run('cli/ops.ts', ['--url', 'http://127.0.0.1:9', 'status', 'contoso'])
    expect(down).toMatchObject({ code: 2 })
    expect(down.err.trim().split('\n')).toHaveLength(1)
  })
})

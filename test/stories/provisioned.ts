import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LabOptions } from '../../lab/lab.ts'
import { ended, type Running, running } from './lab.ts'

/**
 * A lab in which examples/contoso.yaml stands, provisioned by the product and felt by everybody a quarter of an hour ago. It is made once per run of
 * the tests, by whoever needs it first; everybody begins from a copy of the state of both halves.
 */
export async function provisioned(options: LabOptions = {}): Promise<Running> {
  const state = mkdtempSync(join(tmpdir(), 'ops-lab-'))
  cpSync(await keptWorld(), state, { recursive: true })
  const here = await running({ temper: 'fast', ...options, state })
  return {
    ...here,
    async [Symbol.asyncDispose]() {
      await here[Symbol.asyncDispose]()
      rmSync(state, { recursive: true, force: true })
    },
  }
}

/** Of the folder with the state of both halves. */
async function keptWorld(): Promise<string> {
  const folder = process.env['OPS_KEPT_WORLDS']
  if (folder === undefined) throw new Error('test/kept-worlds.ts has not run')
  const [world, claim, done] = ['contoso', 'contoso.claim', 'contoso.done'].map((name) => join(folder, name))
  if (!claimed(claim ?? '')) {
    while (!existsSync(done ?? '')) await sleep(100)
    const trouble = readFileSync(done ?? '', 'utf8')
    if (trouble !== '') throw new Error(`the world to begin from was not made: ${trouble}`)
    return world ?? ''
  }
  const made = await make(world ?? '').then(
    () => '',
    (error: unknown) => String(error),
  )
  writeFileSync(done ?? '', made)
  if (made !== '') throw new Error(made)
  return world ?? ''
}

function claimed(path: string): boolean {
  try {
    mkdirSync(path)
    return true
  } catch {
    return false
  }
}

async function make(state: string): Promise<void> {
  await using here = await running({ temper: 'fast', state })
  const id = await here.client.apply('contoso', readFileSync('examples/contoso.yaml', 'utf8'))
  const operation = await ended(here.client, id)
  if (operation.state !== 'succeeded') throw new Error(JSON.stringify(operation.conditions))
  await here.azure.advance(15 * 60)
}

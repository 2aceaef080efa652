// Random programs, one process that is killed at random moments, one file. What must hold: every program ends with the right values,
// and no activity runs again once its completion was committed. FUZZ_PROGRAMS, FUZZ_KILLS and FUZZ_SEED override size and seed.
import { existsSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { leavesOf, samplePrograms } from './apps/program/arbitrary.ts'
import { check } from './apps/program/check.ts'
import type { Ran } from './apps/program/program.ts'
import { appDir, type Host, startHost, temporaryDir } from './host.ts'

const count = Number(process.env['FUZZ_PROGRAMS'] ?? 150)
const kills = Number(process.env['FUZZ_KILLS'] ?? Math.ceil(count / 20))
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000)
const reproduce = `FUZZ_PROGRAMS=${count} FUZZ_SEED=${seed}`

test(`random programs survive random kills (${reproduce})`, { timeout: 90_000 + count * 300 }, async () => {
  using hub = temporaryDir()
  const ledger = `${hub.file}.ledger`
  const programs = samplePrograms(count, seed)
  const committed = new Map<string, string>()
  const startedMs = performance.now()
  const left = programs.map((_, i) => i)
  for (let killed = 0; killed < kills; killed += 1) {
    const host = await startHost({ app: appDir('program'), file: hub.file, env: { LEDGER: ledger } })
    const batch = left.splice(0, Math.ceil(count / kills))
    const starting = startAll(host, batch, programs)
    await delay(50 + Math.random() * 300)
    await host.kill()
    left.unshift(...(await starting))
    for (const { key, run } of completionsIn(hub.file)) committed.set(key, run)
  }
  const host = await startHost({ app: appDir('program'), file: hub.file, env: { LEDGER: ledger } })
  try {
    expect(await startAll(host, left, programs)).toEqual([])
    for (const [i, { generations }] of programs.entries()) {
      const { runtimeStatus, output } = await host.ended(`p${i}`)
      const told = `program ${i} of ${reproduce}: ${JSON.stringify(generations)} gave ${JSON.stringify(output)}`
      expect(runtimeStatus, told).toBe('Completed')
      const steps = generations.flat()
      const results = output as unknown[]
      expect(results.length, told).toBe(steps.length)
      for (const [j, step] of steps.entries()) {
        for (const { key, run } of telling(told, () => check(step, results[j]))) committed.set(key, run)
      }
    }
  } finally {
    await host.kill()
  }

  const runs = ledgerOf(ledger)
  for (const [key, run] of committed) {
    expect(runs.get(key)?.at(-1), `${key} ran again after its completion was committed (${reproduce})`).toBe(
      run,
    )
  }
  for (const [key, all] of runs) {
    const processes = all.map((run) => run.split('-')[0])
    expect(new Set(processes).size, `${key} ran twice in one process (${reproduce})`).toBe(all.length)
  }
  const operations = programs.flatMap(({ generations }) => generations.flat().flatMap(leavesOf)).length
  const again = [...runs.values()].filter((all) => all.length > 1).length
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  console.log(
    `fuzz: ${count} programs, ${operations} operations, ${runs.size} activities (${again} run again after a kill), ${kills} kills, ${seconds} s`,
  )
})

function telling<T>(told: string, checking: () => T): T {
  try {
    return checking()
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${told}`)
  }
}

/** Starts what it can before the host is killed; answers the programs that have to be started again. */
async function startAll(
  host: Host,
  batch: number[],
  programs: { generations: unknown }[],
): Promise<number[]> {
  const again: number[] = []
  for (const i of batch) {
    try {
      const { status } = await host.start('program', `p${i}`, programs[i])
      expect([202, 409]).toContain(status)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      again.push(i)
    }
  }
  return again
}

/** Completions that are in the file, read after a kill as the next process would. */
function completionsIn(file: string): Ran[] {
  const database = new DatabaseSync(file)
  const rows = database.prepare('SELECT event FROM history UNION ALL SELECT event FROM messages').all()
  database.close()
  return rows.flatMap((row) => {
    const event = JSON.parse(String(row['event'])) as { EventType: number; Result?: string; Reason?: string }
    if (event.EventType === 5) return [JSON.parse(event.Result ?? '') as Ran]
    return event.EventType === 6 ? [JSON.parse(event.Reason?.split('failed:  ')[1] ?? '') as Ran] : []
  })
}

function ledgerOf(file: string): Map<string, string[]> {
  const runs = new Map<string, string[]>()
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  for (const line of lines) {
    const [key = '', run = ''] = line.split(' ')
    runs.set(key, [...(runs.get(key) ?? []), run])
  }
  return runs
}

import { parseArgs } from 'node:util'
import { barsOf, passes } from './balance/bars.ts'
import { families } from './balance/families.ts'
import { rowsOf } from './balance/figures.ts'
import { printTold, readScenario, tell } from './balance/one-scenario.ts'
import { familiesOf, printBars, printFamilies, printRows } from './balance/report.ts'
import type { Result, Task } from './balance/runs.ts'
import { spread } from './balance/spread.ts'

/**
 * `npm run bench -- balance`: how good the control law of weights is, beside references and peers, on the same calls. docs/bench-balance.md tells what is
 * modelled and what every option does.
 */
const options = {
  json: { type: 'boolean' },
  seeds: { type: 'string', default: '12' },
  'first-seed': { type: 'string', default: '1' },
  family: { type: 'string', multiple: true },
  limiter: { type: 'string', multiple: true },
  trace: { type: 'string', multiple: true },
  scenario: { type: 'string' },
  subject: { type: 'string', default: 'ours' },
  rules: { type: 'string', default: '{}' },
  'settled-seconds': { type: 'string', default: '240' },
  cores: { type: 'string', default: '2' },
} as const

export async function run(json: boolean): Promise<void> {
  const { values } = parseArgs({ args: process.argv.slice(3), options })
  if (values.scenario !== undefined) {
    const trace = values.trace?.[0]
    const written = readScenario(values.scenario)
    const told = tell(trace === undefined ? written : { ...written, trace })
    printTold(told)
    if (json) await print({ bench: 'balance', ...told })
    return
  }
  const tasks = tasksOf(values)
  if (tasks.length === 0) throw new Error(`there is no such family or limiter: ${families.join(', ')}`)
  const results = await spread(tasks, Number(values.cores), progress(tasks.length))
  const report = reportOf(results)
  printBars(report.bars)
  for (const [limiter, rows] of Object.entries(report.controllers)) printRows(limiter, rows)
  printFamilies(report.families)
  if (Object.keys(report.faults).length > 0) console.dir({ 'broken invariants': report.faults })
  if (json) await print({ bench: 'balance', subject: values.subject, seeds: Number(values.seeds), ...report })
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

function tasksOf(values: Values): Task[] {
  const seeds = Array.from(
    { length: Number(values.seeds) },
    (_, index) => Number(values['first-seed']) + index,
  )
  const limiters = (['minute', 'tenSeconds'] as const).filter(
    (limiter) => values.limiter?.includes(limiter) ?? true,
  )
  const chosen = families.filter((family) => values.family?.includes(family) ?? true)
  const traces = values.trace ?? ['code', 'conversation']
  const common = {
    subject: values.subject,
    rules: JSON.parse(values.rules),
    settledSeconds: Number(values['settled-seconds']),
  }
  return limiters.flatMap((limiter) =>
    chosen.flatMap((family) =>
      traces.flatMap((trace) => seeds.map((seed): Task => ({ family, trace, limiter, seed, ...common }))),
    ),
  )
}

export function reportOf(results: Result[]) {
  const faults: Record<string, number> = {}
  for (const result of results)
    for (const [what, times] of Object.entries(result.faults)) faults[what] = (faults[what] ?? 0) + times
  return {
    bars: barsOf(results).map((bar) => ({
      ...bar,
      met: passes(bar, bar.must),
      stretched: passes(bar, bar.stretch),
    })),
    controllers: Object.fromEntries(
      [...Map.groupBy(results, ({ limiter }) => limiter)].map(([limiter, own]) => [limiter, rowsOf(own)]),
    ),
    families: familiesOf(results),
    faults,
  }
}

function progress(total: number): (done: number) => void {
  return (done) => {
    const line = `${done} of ${total} scenarios`
    if (process.stderr.isTTY) process.stderr.write(`\r${line}${done === total ? '\n' : ''}`)
    else if (done % 32 === 0 || done === total) process.stderr.write(`${line}\n`)
  }
}

/** Waits until it is written: the program ends right after, and a pipe takes 64 KB at a time. */
const print = (report: unknown) =>
  new Promise<void>((resolve) => process.stdout.write(`${JSON.stringify(report)}\n`, () => resolve()))

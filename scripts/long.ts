import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * `npm run test:long [HISTORIES]`: 10,000 random histories in two shards side by side, each with a seed of its own, which it prints; then every
 * fault of the probes’ table, kills and programs of the host for longer than `npm test` takes, every scenario of the rebalancer, and a day of it.
 */
const histories = Number(process.argv[2] ?? 10_000)
const seed = Number(process.env['FC_SEED'] ?? Math.floor(Date.now() / 1000))

async function soak(name: string, files: string[], settings: Record<string, string>): Promise<boolean> {
  console.log(`${name}: ${JSON.stringify(settings)}`)
  const vitest = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--maxWorkers=1', ...files],
    {
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  const [code] = (await once(vitest, 'exit')) as [number | null]
  console.log(`${name}: ${code === 0 ? 'held' : 'FAILED'}`)
  return code === 0
}

const shards = await Promise.all(
  [0, 1].map((shard) =>
    soak(`histories, shard ${shard}`, ['test/histories'], {
      HISTORIES: String(Math.ceil(histories / 2)),
      FC_SEED: String(seed + shard),
      FC_SHRINK_SECONDS: '600',
    }),
  ),
)
const faults = await soak('faults', ['test/probing/faults/faults.test.ts'], { PROBE_FAULTS: 'all' })
const rest = await soak(
  'kills and programs',
  ['test/stories/kill.test.ts', 'test/lab/host/durable/fuzz.test.ts'],
  {
    KILL_RUNS: '60',
    FUZZ_PROGRAMS: '3000',
  },
)
const balance = await soak(
  'the rebalancer in the lab',
  ['test/rebalance/lab', 'test/stories/rebalance.test.ts'],
  {
    BALANCE_SCENARIOS: 'all',
    BALANCE_SOAK_HOURS: '24',
    BALANCE_SEED: String(seed % 100_000),
  },
)
const day = await soak('weights of a stranger, a day', ['test/rebalance/lab/scenarios.test.ts'], {
  BALANCE_SCENARIOS: 'day',
})
process.exitCode = shards.every(Boolean) && faults && rest && balance && day ? 0 : 1

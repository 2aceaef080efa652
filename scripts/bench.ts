/** `npm run bench -- NAME [--json]`: figures, each as a ratio within one run, never a verdict by the clock of one machine. */
const [name, ...options] = process.argv.slice(2)
const benches: Record<string, () => Promise<{ run(json: boolean): Promise<void> }>> = {
  reconcile: () => import('../test/bench/reconcile.ts'),
  gateway: () => import('../test/bench/gateway.ts'),
  balance: () => import('../test/bench/balance.ts'),
  degrade: () => import('../test/bench/degrade.ts'),
  probes: () => import('../test/bench/probes.ts'),
}
const bench = benches[name ?? '']
if (bench) await (await bench()).run(options.includes('--json'))
else {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join(' | ')} [--json]`)
  process.exitCode = 2
}
process.exit()

import { parseArgs } from 'node:util'
import { startLab } from './lab.ts'
import { toldToEnd } from './told-to-end.ts'

/** `npm run lab`: both halves, until SIGTERM or Ctrl-C. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '7071' },
    'azure-port': { type: 'string', default: '8443' },
    state: { type: 'string' },
    temper: { type: 'string' },
    seed: { type: 'string' },
    speed: { type: 'string' },
    world: { type: 'string' },
    app: { type: 'string' },
    auth: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

try {
  const { port, 'azure-port': azurePort, json, ...options } = values
  const lab = await startLab({ ...defined(options), port: Number(port), azurePort: Number(azurePort) })
  const pids = { host: lab.halves.host.pid, azure: lab.halves.azure.pid }
  const { app, azure, ca, dns, proxy, state } = lab
  console.log(
    json
      ? JSON.stringify({ ready: true, app, azure, ca, dns, proxy, pids, state })
      : [
          `The lab is up. Ctrl-C ends it.`,
          `  app    ${app}  (process ${pids.host})`,
          `  azure  ${azure}  (process ${pids.azure}; certificate authority: ${ca})`,
          `  proxy  http://${proxy}  (into the simulated network; its DNS: ${dns})`,
          `  state  ${state}`,
          `Try: npm run ops -- apply examples/contoso.yaml --watch`,
        ].join('\n'),
  )
  // A half that was killed may be started again by hand; with both gone there is nothing left to wait for.
  await Promise.race([toldToEnd(), Promise.all([lab.halves.host.ended, lab.halves.azure.ended])])
  await lab.stop()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** Only what was given: an option that is absent is not an option that is undefined. */
function defined<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as never
}

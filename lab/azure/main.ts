import { parseArgs } from 'node:util'
import { type TemperName, tempers } from './lifecycles/index.ts'
import { type AzureOptions, startAzure } from './server.ts'
import { type WorldName, worlds } from './worlds/index.ts'

const USAGE = `node lab/azure/main.ts [--port 8443] [--state DIR] [--temper ${Object.keys(tempers).join('|')}] [--seed N] [--speed N|max] [--world ${Object.keys(worlds).join('|')}] [--json]`

function optionsFrom(argv: string[]): AzureOptions & { json: boolean } {
  const { values } = parseArgs({
    args: argv,
    options: {
      port: { type: 'string', default: '8443' },
      state: { type: 'string' },
      temper: { type: 'string' },
      seed: { type: 'string' },
      speed: { type: 'string' },
      world: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const { temper, world, speed, seed, state } = values
  if (temper && !(temper in tempers)) throw new Error(`no temper '${temper}'`)
  if (world && !(world in worlds)) throw new Error(`no world '${world}'`)
  return {
    port: count('port', values.port),
    json: values.json,
    ...(state ? { state } : {}),
    ...(temper ? { temper: temper as TemperName } : {}),
    ...(world ? { world: world as WorldName } : {}),
    ...(seed ? { seed: count('seed', seed) } : {}),
    ...(speed ? { speed: speed === 'max' ? speed : Math.max(1, count('speed', speed)) } : {}),
  }
}

function count(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} is not a whole number: ${text}`)
  return value
}

let options: ReturnType<typeof optionsFrom>
try {
  options = optionsFrom(process.argv.slice(2))
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`)
  process.exit(2)
}

const azure = await startAzure(options).catch((error: unknown) => {
  console.error(`The simulated Azure cannot start: ${error instanceof Error ? error.message : error}`)
  process.exit(1)
})

let isEnding = false
async function end(): Promise<void> {
  if (isEnding) return
  isEnding = true
  await azure.close()
  process.exit(0)
}
process.on('SIGTERM', end)
process.on('SIGINT', end)
// Started by the lab with an IPC channel: when the parent is gone, so are we.
process.on('disconnect', end)

if (options.json)
  console.log(
    JSON.stringify({
      ready: true,
      azure: azure.url,
      ca: azure.caPath,
      dns: azure.dns,
      proxy: azure.proxy,
      pid: process.pid,
      state: azure.state,
    }),
  )
else
  console.log(
    `Simulated Azure at ${azure.url}\ncertificate authority ${azure.caPath}\nproxy into its network http://${azure.proxy}, DNS ${azure.dns}\nstate ${azure.state}`,
  )

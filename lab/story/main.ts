import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { openClient } from '../../cli/client.ts'
import { elapsed, follow, tally } from '../../cli/follow.ts'
import { isWrite, openAzure } from '../azure-client.ts'
import { type Lab, startLab } from '../lab.ts'
import { toldToEnd } from '../told-to-end.ts'
import { threeWays } from './three-ways.ts'

/**
 * `npm start`: what the product does, played in the lab. So far: one call provisions a private environment from nothing, a second one finds
 * nothing to do, and models answer on the ways that must work and on no other. With --once it ends there: exit 0 when every step held, 1 when not.
 */
const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    port: { type: 'string', default: '7071' },
    speed: { type: 'string' },
  },
})
/** Of well over a hundred resources, those a person would wait for. */
const isLandmark = (resource: string): boolean =>
  /^(subnet|api-management|account|project|project-capability-host|model-deployment|cosmos|search|storage|key-vault|pool|api-policy)\//.test(
    resource,
  )

const tell = (line = '') => (values.json ? console.error(line) : console.log(line))
/** Virtual seconds per second: 45 minutes of API Management in less than one. */
const storySpeed = '3600'
/** And once there is somebody to watch. */
const usualSpeed = 60
const begunMs = performance.now()

let lab: Lab | undefined
const interrupted = toldToEnd().then(() => 'interrupted' as const)
try {
  tell('Starting the lab: a simulated Azure and a Functions host, on this machine only.')
  lab = await startLab({
    port: values.once ? 0 : Number(values.port),
    speed: values.speed ?? storySpeed,
  })
  const ended = await Promise.race([play(lab), interrupted])
  if (ended === 'interrupted') process.exitCode = 130
  else {
    const held = ended.every(({ held: it }) => it)
    const seconds = Math.round((performance.now() - begunMs) / 100) / 10
    tell(`\n${held ? 'Every step held' : 'Not every step held'}; ${seconds} s on this machine.`)
    if (values.json) console.log(JSON.stringify({ held, seconds, steps: ended }))
    process.exitCode = held ? 0 : 1
    if (!values.once) {
      await openAzure(lab.azure, lab.ca).setSpeed(usualSpeed)
      tell(`\nThe lab goes on until Ctrl-C. Try: npm run ops -- --url ${lab.app} status contoso`)
      tell(`The simulated Azure is ${lab.azure} (certificate authority ${lab.ca}), the way into its network`)
      tell(`the proxy http://${lab.proxy}; lab/README.md shows how to call a model from here.`)
      await interrupted
    }
  }
} catch (error) {
  tell(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
} finally {
  await lab?.stop()
}

interface Step {
  step: string
  held: boolean
  detail: string
}

async function play(running: Lab): Promise<Step[]> {
  const client = openClient(running.app, undefined)
  const azure = openAzure(running.azure, running.ca)
  const document = readFileSync('examples/contoso.yaml', 'utf8')
  const home = await azure.resources()
  const steps: Step[] = []
  const hold = (step: string, held: boolean, detail: string) => {
    steps.push({ step, held, detail })
    tell(`${held ? '✓' : '✗'} ${step}: ${detail}`)
  }

  tell(
    `\nThe home: ${home.length} resources made by infra/. Sending examples/contoso.yaml (PUT /api/environments/contoso).\n`,
  )
  const id = await client.apply('contoso', document)
  const provisioned = await follow(client, id, (line) => tell(`  ${line}`), isLandmark)
  tell()
  hold(
    'provision from nothing',
    provisioned.state === 'succeeded',
    `${provisioned.state}, ${tally(provisioned)} after ${elapsed(provisioned.createdAt, provisioned.finishedAt ?? provisioned.createdAt)} of Azure's time`,
  )
  const now = await azure.resources()
  const service = now.find(({ type }) => type === 'Microsoft.ApiManagement/service')
  const addresses = service?.properties?.['privateIPAddresses']
  hold(
    'a private gateway',
    Array.isArray(addresses) && addresses.length > 0,
    `${service?.name} answers at ${String(addresses)} and nowhere else`,
  )
  const written = new Set(
    (await azure.journal()).filter(isWrite).map(({ url }) => url.split('?')[0]?.toLowerCase()),
  )
  const untouched = home.filter(({ id }) => !written.has(id.toLowerCase()) && now.some((it) => it.id === id))
  hold(
    'the home untouched',
    untouched.length === home.length,
    `${home.length - untouched.length} writes to its ${home.length} resources, all of them still there`,
  )

  const writesBefore = await azure.writes()
  const again = await follow(client, await client.apply('contoso', document), () => {})
  const writes = (await azure.writes()) - writesBefore
  hold(
    'the same document again',
    again.state === 'succeeded' && again.steps.length === 0 && writes === 0,
    `${again.steps.length} steps, ${writes} writes to Azure`,
  )
  for (const { way, held, detail } of await threeWays(running, azure)) hold(way, held, detail)
  return steps
}

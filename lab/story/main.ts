import { parseArgs } from 'node:util'
import { openAzure } from '../azure-client.ts'
import { type Lab, startLab } from '../lab.ts'
import { toldToEnd } from '../told-to-end.ts'
import { play } from './play.ts'

/**
 * `npm start`: what the product does, played in the lab: an environment is provisioned from nothing, proven by calls, its gateway's weights
 * follow a region that is throttled, and what a stranger breaks is found and mended. With --once it ends there: exit 0 when every step held,
 * 1 when not.
 */
const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    port: { type: 'string', default: '7071' },
    speed: { type: 'string' },
  },
})
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
  const ended = await Promise.race([play(lab, tell), interrupted])
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

import { alertLines } from '../alerts.ts'
import { decisionLines, poolLines } from '../pools.ts'
import type { Commands } from './commands.ts'

/** The gateway's load: what Azure tells of it, what is decided, and a hand on the brake. */
export const poolCommands: Commands = (program, open) => {
  program
    .command('alerts [environment]')
    .description('what Azure Monitor told of')
    .option('--since <time>', 'such as 2026-11-25T00:00:00Z; default: a week ago')
    .action(async (environment: string | undefined, { since }: { since?: string }) => {
      const { client, show } = open()
      show(await client.alerts(environment, since), alertLines)
    })

  program
    .command('pools <environment>')
    .description('how the weights of its pools stand, and what was decided last')
    .action(async (name: string) => {
      const { client, show } = open()
      show(await client.pools(name), ({ pools }) => poolLines(pools))
    })

  program
    .command('decisions <environment> <pool>')
    .description('what was decided about the weights of a pool, and why')
    .option('--since <time>', 'such as 2026-11-25T00:00:00Z; default: a week ago')
    .action(async (name: string, pool: string, { since }: { since?: string }) => {
      const { client, show } = open()
      show(await client.decisions(name, pool, since), ({ decisions }) => decisionLines(decisions))
    })

  program
    .command('release <environment> <pool>')
    .description('let the service go on from weights that somebody else has set')
    .action(async (name: string, pool: string) => {
      const { client, show } = open()
      show(await client.release(name, pool), () => [`${pool} goes on from the weights that are there`])
    })

  program
    .command('pause <environment> <resource>')
    .description('leave a resource as it is for a while: looked at, neither written nor removed')
    .requiredOption('--reason <text>', 'read by whoever wonders')
    .option('--hours <number>', 'for how long', '24')
    .action(async (name: string, resource: string, { reason, hours }: { reason: string; hours: string }) => {
      await open().client.pause(name, resource, reason, Number(hours))
      console.log(`${resource} is paused for ${hours} hours`)
    })

  program
    .command('resume <environment> <resource>')
    .description('give a paused resource back')
    .action(async (name: string, resource: string) => {
      await open().client.resume(name, resource)
      console.log(`${resource} is no longer paused`)
    })
}

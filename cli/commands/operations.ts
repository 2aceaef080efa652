import { readFileSync } from 'node:fs'
import { elapsed, follow, tally } from '../follow.ts'
import { nameIn } from '../name-in.ts'
import type { Commands, Open } from './commands.ts'

/** What makes, mends and takes away, and how it goes. */
export const operationCommands: Commands = (program, open) => {
  program
    .command('apply <file>')
    .description('send an environment document and begin carrying it out')
    .option('--watch', 'follow the operation to its end')
    .action(async (file: string, { watch }: { watch?: boolean }) => {
      const { client } = open()
      const text = readFileSync(file, 'utf8')
      await begun(open, await client.apply(nameIn(text, file), text), nameIn(text, file), watch)
    })

  program
    .command('repair <environment>')
    .description('make it as its stored document says, again')
    .option('--watch', 'follow the operation to its end')
    .action(async (name: string, { watch }: { watch?: boolean }) => {
      await begun(open, await open().client.repair(name), name, watch)
    })

  program
    .command('destroy <environment>')
    .description('take away what the service has made; the home stays')
    .requiredOption('--confirm <environment>', 'its name again')
    .option('--include-protected', 'also what is slow or impossible to make again')
    .option('--watch', 'follow the operation to its end')
    .action(
      async (name: string, options: { confirm: string; includeProtected?: boolean; watch?: boolean }) => {
        const id = await open().client.destroy(name, options.confirm, options.includeProtected ?? false)
        await begun(open, id, name, options.watch)
      },
    )

  program
    .command('approve <operation> <planHash>')
    .description('let an operation make the steps that can interrupt traffic')
    .action(async (operation: string, planHash: string) => {
      await open().client.approve(operation, planHash)
      console.log(`${operation} goes on`)
    })

  program
    .command('cancel <operation>')
    .description('end an operation at its next look')
    .action(async (operation: string) => {
      await open().client.cancel(operation)
      console.log(`${operation} ends at its next look`)
    })

  program
    .command('status <environment>')
    .description('how an environment stands')
    .option('--watch', 'follow its operation to the end')
    .action(async (name: string, { watch }: { watch?: boolean }) => {
      const { client, json } = open()
      const environment = await client.environment(name)
      if (watch) return await followTo(open, environment.operation.id)
      if (json) return console.log(JSON.stringify(environment))
      console.log(`${name}: ${environment.operation.state} (${environment.operation.id})`)
      for (const { resource, axis, status, reason, message } of environment.conditions)
        if (status !== 'True') console.log(`  ${resource}  ${axis}=${status} ${reason}: ${message}`)
      for (const finding of environment.drift?.findings ?? [])
        console.log(`  drift (${finding.class})  ${finding.resource} ${finding.reason}`)
      for (const pause of environment.paused)
        console.log(`  paused until ${pause.until}  ${pause.resource}: ${pause.reason}`)
      for (const resource of environment.leftBehind) console.log(`  no longer described  ${resource}`)
    })
}

async function begun(open: Open, id: string, name: string, watch: boolean | undefined): Promise<void> {
  if (watch) return await followTo(open, id)
  console.log(
    open().json
      ? JSON.stringify({ operation: id })
      : `${id} has begun. Follow it: ops status ${name} --watch`,
  )
}

async function followTo(open: Open, id: string): Promise<void> {
  const { client, json } = open()
  const operation = await follow(client, id, (line) => console.log(line))
  console.log(
    `${operation.state}: ${tally(operation)}, ${elapsed(operation.createdAt, operation.finishedAt ?? operation.createdAt)}`,
  )
  if (operation.state === 'awaiting-approval')
    console.log(
      `Look at the plan, then: ops approve ${operation.id} ${operation.planHash} (or ops cancel ${operation.id})`,
    )
  if (json) console.log(JSON.stringify(operation))
  if (operation.state !== 'succeeded') process.exitCode = 1
}

import { readFileSync, writeFileSync } from 'node:fs'
import { auditLines } from '../audit.ts'
import { importLines } from '../import.ts'
import { nameIn } from '../name-in.ts'
import { planLines } from '../plan.ts'
import { preflightLines } from '../preflight.ts'
import type { Commands } from './commands.ts'

/** What a document, or somebody's group, comes to; nothing here changes anything. */
export const documentCommands: Commands = (program, open) => {
  program
    .command('plan <file>')
    .description('what applying a document would do now; changes nothing')
    .action(async (file: string) => {
      const { client, json } = open()
      const text = readFileSync(file, 'utf8')
      const plan = await client.plan(nameIn(text, file), text)
      if (json) return console.log(JSON.stringify(plan))
      for (const line of planLines(plan)) console.log(line)
    })

  program
    .command('preflight <file>')
    .description(
      'what would stop a document, or hurt later; changes nothing. Exit code 1 when something FAILs',
    )
    .action(async (file: string) => {
      const { client, json } = open()
      const text = readFileSync(file, 'utf8')
      const report = await client.preflight(nameIn(text, file), text)
      for (const line of json ? [JSON.stringify(report)] : preflightLines(report)) console.log(line)
      if (report.summary.fail > 0) process.exitCode = 1
    })

  program
    .command('audit <environment>')
    .description('what settings of its live gateway cost; changes nothing')
    .action(async (name: string) => {
      const { client, show } = open()
      show(await client.audit(name), auditLines)
    })

  program
    .command('import <resourceGroup>')
    .description(
      'write the document of what stands in a resource group: to stdout, what to know about it to stderr',
    )
    .option('--name <environment>', 'of the environment')
    .option('--apim <service>', 'which API Management service, where there are several')
    .option('--out <file>', 'write the document to this file instead')
    .action(async (resourceGroup: string, options: { name?: string; apim?: string; out?: string }) => {
      const { client, json } = open()
      const { out, ...wishes } = options
      const imported = await client.importGroup(resourceGroup, wishes)
      for (const line of importLines(imported)) console.error(line)
      if (out !== undefined) writeFileSync(out, imported.yaml)
      else if (!json) process.stdout.write(imported.yaml)
      if (json) console.log(JSON.stringify(imported))
    })
}

import { Command } from 'commander'
import { openClient, Refused } from './client.ts'
import type { Open } from './commands/commands.ts'
import { documentCommands } from './commands/documents.ts'
import { operationCommands } from './commands/operations.ts'
import { poolCommands } from './commands/pools.ts'
import { probeCommands } from './commands/probes.ts'

/**
 * The operator's command line: a thin client of the HTTP API. Exit codes: 0 as asked, 1 the operation ended otherwise than succeeded, 2 the
 * request was refused or could not be sent.
 */
const program = new Command('ops')
  .description("The operator's command line of Foundry Gateway Ops.")
  .option('--url <url>', 'the app', process.env['OPS_URL'] ?? 'http://127.0.0.1:7071')
  .option('--json', 'print one JSON document as the last line')
  .addHelpText('after', '\nA token for the app is read from OPS_TOKEN.')

const open: Open = () => {
  const { url, json = false } = program.opts<{ url: string; json?: boolean }>()
  return {
    client: openClient(url, process.env['OPS_TOKEN']),
    json,
    show(view, lines) {
      for (const line of json ? [JSON.stringify(view)] : lines(view)) console.log(line)
    },
  }
}

for (const add of [documentCommands, operationCommands, poolCommands, probeCommands]) add(program, open)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = 2
  if (error instanceof Refused) {
    console.error(`${error.problem.status} ${error.problem.reason}: ${error.message}`)
    for (const { path, problem, remedy } of error.problem.faults ?? [])
      console.error(`  ${path || '(document)'} ${problem}: ${remedy}`)
  } else {
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : ''
    console.error(`${error instanceof Error ? error.message : String(error)}${cause}`)
  }
}

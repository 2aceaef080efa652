import { readFileSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { parse } from 'yaml'
import { alertLines } from './alerts.ts'
import { auditLines } from './audit.ts'
import { openClient, Refused } from './client.ts'
import { elapsed, follow, tally } from './follow.ts'
import { importLines } from './import.ts'
import { askFromHere, keep } from './outside.ts'
import { planLines } from './plan.ts'
import { decisionLines, poolLines } from './pools.ts'
import { preflightLines } from './preflight.ts'
import { incidentLines, probesLines, proofLines, verdictLines } from './probes.ts'

/**
 * The operator's command line: a thin client of the HTTP API. Exit codes: 0 as asked, 1 the operation ended otherwise than succeeded, 2 the
 * request was refused or could not be sent.
 */
const program = new Command('ops')
  .description("The operator's command line of Foundry Gateway Ops.")
  .option('--url <url>', 'the app', process.env['OPS_URL'] ?? 'http://127.0.0.1:7071')
  .option('--json', 'print one JSON document as the last line')
  .addHelpText('after', '\nA token for the app is read from OPS_TOKEN.')

const open = () => {
  const { url, json } = program.opts<{ url: string; json?: boolean }>()
  return { client: openClient(url, process.env['OPS_TOKEN']), json: json ?? false }
}

program
  .command('apply <file>')
  .description('send an environment document and begin carrying it out')
  .option('--watch', 'follow the operation to its end')
  .action(async (file: string, { watch }: { watch?: boolean }) => {
    const { client } = open()
    const text = readFileSync(file, 'utf8')
    await begun(await client.apply(nameIn(text, file), text), nameIn(text, file), watch)
  })

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
  .description('what would stop a document, or hurt later; changes nothing. Exit code 1 when something FAILs')
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
    const { client, json } = open()
    const audited = await client.audit(name)
    for (const line of json ? [JSON.stringify(audited)] : auditLines(audited)) console.log(line)
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

program
  .command('repair <environment>')
  .description('make it as its stored document says, again')
  .option('--watch', 'follow the operation to its end')
  .action(async (name: string, { watch }: { watch?: boolean }) => {
    await begun(await open().client.repair(name), name, watch)
  })

program
  .command('destroy <environment>')
  .description('take away what the service has made; the home stays')
  .requiredOption('--confirm <environment>', 'its name again')
  .option('--include-protected', 'also what is slow or impossible to make again')
  .option('--watch', 'follow the operation to its end')
  .action(async (name: string, options: { confirm: string; includeProtected?: boolean; watch?: boolean }) => {
    const id = await open().client.destroy(name, options.confirm, options.includeProtected ?? false)
    await begun(id, name, options.watch)
  })

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

program
  .command('status <environment>')
  .description('how an environment stands')
  .option('--watch', 'follow its operation to the end')
  .action(async (name: string, { watch }: { watch?: boolean }) => {
    const { client, json } = open()
    const environment = await client.environment(name)
    if (watch) return await followTo(environment.operation.id)
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

program
  .command('alerts [environment]')
  .description('what Azure Monitor told of')
  .option('--since <time>', 'such as 2026-11-25T00:00:00Z; default: a week ago')
  .action(async (environment: string | undefined, { since }: { since?: string }) => {
    const { client, json } = open()
    const told = await client.alerts(environment, since)
    for (const line of json ? [JSON.stringify(told)] : alertLines(told)) console.log(line)
  })

program
  .command('pools <environment>')
  .description('how the weights of its pools stand, and what was decided last')
  .action(async (name: string) => {
    const { client, json } = open()
    const shown = await client.pools(name)
    for (const line of json ? [JSON.stringify(shown)] : poolLines(shown.pools)) console.log(line)
  })

program
  .command('decisions <environment> <pool>')
  .description('what was decided about the weights of a pool, and why')
  .option('--since <time>', 'such as 2026-11-25T00:00:00Z; default: a week ago')
  .action(async (name: string, pool: string, { since }: { since?: string }) => {
    const { client, json } = open()
    const shown = await client.decisions(name, pool, since)
    for (const line of json ? [JSON.stringify(shown)] : decisionLines(shown.decisions)) console.log(line)
  })

program
  .command('release <environment> <pool>')
  .description('let the service go on from weights that somebody else has set')
  .action(async (name: string, pool: string) => {
    const { client, json } = open()
    const released = await client.release(name, pool)
    console.log(json ? JSON.stringify(released) : `${pool} goes on from the weights that are there`)
  })

program
  .command('probes <environment>')
  .description('every probe, how it stands, coverage, budget and service levels')
  .action(async (name: string) => {
    const { client, json } = open()
    const found = await client.probes(name)
    for (const line of json ? [JSON.stringify(found)] : probesLines(found)) console.log(line)
  })

const probe = program.command('probe').description('ask probes now, from inside or from here')
probe
  .command('run <environment> [id]', { isDefault: true })
  .description(
    'ask one probe now, by id or key, from inside; or with --vantage internet the outside half, from this machine. Exit code 1 when one fails',
  )
  .option('--vantage <where>', 'internet: from this machine')
  .option('--out <file>', 'write the verdicts to this file, for ops probe submit')
  .action(async (name: string, id: string | undefined, options: { vantage?: string; out?: string }) => {
    const { client, json } = open()
    const { probes } = await client.probes(name)
    const picked = probes.filter((one) => id === undefined || one.id === id || one.key === id)
    if (options.vantage === 'internet') {
      const outside = picked.filter(({ vantage }) => vantage === 'internet')
      const details = await Promise.all(outside.map(({ key }) => client.probe(name, key)))
      const verdicts = await askFromHere(name, details)
      if (options.out !== undefined) keep(options.out, verdicts)
      const lines = verdicts.verdicts.flatMap(({ probe: asked, verdict }) => verdictLines(asked, verdict))
      for (const line of json ? [JSON.stringify(verdicts)] : lines) console.log(line)
      if (verdicts.verdicts.some(({ verdict }) => verdict.result === 'fail')) process.exitCode = 1
      return
    }
    if (options.vantage !== undefined && options.vantage !== 'inside')
      throw new Error('--vantage is inside or internet')
    const [one] = picked
    if (id === undefined || !one) throw new Error(`name one of the probes that ops probes ${name} lists`)
    const ran = await client.runProbe(name, one.key)
    for (const line of json ? [JSON.stringify(ran)] : verdictLines(ran.probe, ran.verdict)) console.log(line)
    if (ran.verdict.result === 'fail') process.exitCode = 1
  })
probe
  .command('submit <file>')
  .description('hand in the verdicts that --vantage internet --out wrote, at most an hour old')
  .action(async (file: string) => {
    const text = readFileSync(file, 'utf8')
    const { environment } = JSON.parse(text) as { environment: string }
    const { accepted } = await open().client.submitVerdicts(environment, text)
    console.log(`${accepted} verdicts handed in`)
  })

program
  .command('incidents <environment>')
  .description('what does not work and did not, one cause each')
  .action(async (name: string) => {
    const { client, json } = open()
    const incidents = await client.incidents(name)
    for (const line of json ? [JSON.stringify({ incidents })] : incidentLines(incidents)) console.log(line)
  })

program
  .command('proof <environment>')
  .description('of each resource, whether a probe proved that it works, and how long ago')
  .action(async (name: string) => {
    const { client, json } = open()
    const proof = await client.proof(name)
    for (const line of json ? [JSON.stringify(proof)] : proofLines(proof)) console.log(line)
  })

async function begun(id: string, name: string, watch: boolean | undefined): Promise<void> {
  if (watch) return await followTo(id)
  console.log(
    open().json
      ? JSON.stringify({ operation: id })
      : `${id} has begun. Follow it: ops status ${name} --watch`,
  )
}

async function followTo(id: string): Promise<void> {
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

/** The document carries its environment's name; the API wants it in the path too. */
function nameIn(text: string, file: string): string {
  const document: unknown = parse(text)
  if (
    typeof document === 'object' &&
    document !== null &&
    'name' in document &&
    typeof document.name === 'string'
  )
    return document.name
  throw new Error(`${file} has no name: add the name of the environment`)
}

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

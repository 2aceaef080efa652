import { readFileSync } from 'node:fs'
import { askFromHere, keep } from '../outside.ts'
import { incidentLines, probesLines, proofLines, verdictLines } from '../probes.ts'
import type { Commands } from './commands.ts'

/** Whether it works: probes, causes, proof. */
export const probeCommands: Commands = (program, open) => {
  program
    .command('probes <environment>')
    .description('every probe, how it stands, coverage, budget and service levels')
    .action(async (name: string) => {
      const { client, show } = open()
      show(await client.probes(name), probesLines)
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
      const { client, show } = open()
      const { probes } = await client.probes(name)
      const picked = probes.filter((one) => id === undefined || one.id === id || one.key === id)
      if (options.vantage === 'internet') {
        const outside = picked.filter(({ vantage }) => vantage === 'internet')
        const details = await Promise.all(outside.map(({ key }) => client.probe(name, key)))
        const verdicts = await askFromHere(name, details)
        if (options.out !== undefined) keep(options.out, verdicts)
        show(verdicts, (asked) => asked.verdicts.flatMap((one) => verdictLines(one.probe, one.verdict)))
        if (verdicts.verdicts.some(({ verdict }) => verdict.result === 'fail')) process.exitCode = 1
        return
      }
      if (options.vantage !== undefined && options.vantage !== 'inside')
        throw new Error('--vantage is inside or internet')
      const [one] = picked
      if (id === undefined || !one) throw new Error(`name one of the probes that ops probes ${name} lists`)
      const ran = await client.runProbe(name, one.key)
      show(ran, ({ probe: asked, verdict }) => verdictLines(asked, verdict))
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
      const { client, show } = open()
      show({ incidents: await client.incidents(name) }, ({ incidents }) => incidentLines(incidents))
    })

  program
    .command('proof <environment>')
    .description('of each resource, whether a probe proved that it works, and how long ago')
    .action(async (name: string) => {
      const { client, show } = open()
      show(await client.proof(name), proofLines)
    })
}

import { lasting, type Stage, within } from './stage.ts'

/** Identities are felt by data services within minutes, units of a gateway learn within one, and agents are asked every quarter of an hour. */
const longestMinutes = 20

/** Ready is what Azure says; proven is what a call through the private network has shown. */
export async function prove(stage: Stage): Promise<void> {
  const { client, hold } = stage
  const { seen, minutes } = await within(
    stage,
    { minutes: longestMinutes },
    () => client.proof('contoso'),
    ({ resources, coverage }) => resources.filter(({ is }) => is === 'proven').length >= coverage.provable,
  )
  const proven = seen.resources.filter(({ is }) => is === 'proven').length
  const { probes, budget } = await client.probes('contoso')
  const inside = probes.filter(({ vantage }) => vantage === 'inside')
  hold(
    'proven by calls from inside',
    proven >= seen.coverage.provable,
    `${proven} of ${seen.coverage.provable} resources that can be, by ${inside.length} probes, after ${lasting(minutes)}; ${seen.resources.length - seen.coverage.provable} are said to be assigned, not proven`,
  )
  const mustFail = inside.filter(({ expect }) => expect === 'fails')
  hold(
    'what must not work does not',
    mustFail.every(({ stands }) => stands === 'passing'),
    `${mustFail.length} probes are turned away as they must be; all of them cost at most ${budget.dollars.toFixed(2)} dollars a month`,
  )
}

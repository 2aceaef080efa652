import { afterAll, beforeAll, test } from 'vitest'
import { play } from './play.ts'
import { prove, runs, seed } from './prove.ts'
import { histories, inWords } from './steps.ts'
import { networkDrifts } from './strangers.ts'
import { small } from './subjects.ts'
import { openWire, type Wire } from './wire.ts'

/**
 * The same model over the wire: the app in its host, Azure in a process of its own, HTTP between everything, SIGKILL of either. One lab where
 * Azure takes its time and one where it does not; each history is about an environment of its own name.
 */
const tempers = ['usual', 'fast'] as const
const labs: Partial<Record<(typeof tempers)[number], Wire>> = {}
beforeAll(async () => {
  for (const temper of tempers) labs[temper] = await openWire(temper)
}, 60_000)
afterAll(() => Promise.all(Object.values(labs).map((wire) => wire.close())))

/** Most of them where Azure does not take its time. */
const counts = { usual: Math.min(100, runs(0.02)), fast: Math.min(300, runs(0.08)) }
const plain = small()
const scope = {
  subject: plain,
  drifts: networkDrifts,
  calls: 100,
  mostKills: 1,
  mostSteps: 3,
  provisioned: 0,
}

test.concurrent.each(tempers)(
  `the invariants hold over ${counts.usual} (usual) and ${counts.fast} (fast) random histories in a lab of %s temper (FC_SEED=${seed})`,
  async (temper) => {
    let played = 0
    await prove(
      histories(scope),
      { runs: counts[temper], seed: seed + tempers.indexOf(temper), inWords: (it) => inWords(it, scope) },
      async (history) => {
        const wire = labs[temper]
        if (!wire) throw new Error('the lab is not up')
        const name = `h${++played}`
        wire.about(name)
        await play(wire, { ...scope, subject: small(name) }, history)
        await wire.reset()
      },
    )
  },
  300_000 + counts.fast * 20_000,
)

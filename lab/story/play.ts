import { readFileSync } from 'node:fs'
import { openClient } from '../../cli/client.ts'
import { openAzure } from '../azure-client.ts'
import type { Lab } from '../lab.ts'
import { breakAndMend } from './break-and-mend.ts'
import { prove } from './prove.ts'
import { provision } from './provision.ts'
import type { Stage, Step } from './stage.ts'
import { threeWays } from './three-ways.ts'
import { throttleAndRebalance } from './throttle-and-rebalance.ts'

/** The chapters, in their order: each goes on from the world the one before it left. */
export async function play(lab: Lab, tell: (line?: string) => void): Promise<Step[]> {
  const steps: Step[] = []
  const stage: Stage = {
    lab,
    client: openClient(lab.app, undefined),
    azure: openAzure(lab.azure, lab.ca),
    document: readFileSync('examples/contoso.yaml', 'utf8'),
    tell,
    hold(step, held, detail) {
      steps.push({ step, held, detail })
      tell(`${held ? '✓' : '✗'} ${step}: ${detail}`)
    },
  }
  for (const chapter of [provision, prove, threeWays, throttleAndRebalance, breakAndMend]) {
    await chapter(stage)
    // What comes later stands on what came before.
    if (steps.some(({ held }) => !held)) break
  }
  return steps
}

import { expect } from 'vitest'
import type { ArmObject } from '../../lab/azure-client.ts'
import { expand } from '../../src/environment/expand.ts'
import type { OperationView } from '../../src/operations/show.ts'
import type { Ground, How } from './ground.ts'
import { blockersNamed, emptiedOrNamed, inOrder, onlyOursWritten, strangersKept } from './invariants.ts'
import { faults, type History } from './steps.ts'
import type { Drift } from './strangers.ts'
import type { Subject } from './subjects.ts'

export interface Played {
  /** How each operation ended. */
  ends: string[]
  world: ArmObject[]
}

/**
 * Plays a history, and after each of its operations sees that the invariants hold (invariants.ts). At its end the last document is applied in peace,
 * with whatever waits approved: then the environment is as described, whatever has happened.
 */
export async function play(
  ground: Ground,
  { subject, drifts }: { subject: Subject; drifts: Drift[] },
  { begins, steps }: History,
): Promise<Played> {
  await ground.reset()
  const home = (await ground.resources()).map(({ id }) => id)
  let document = subject.document(0)
  if (begins === 'provisioned') await ground.reset(document)
  const described = new Set<string>()
  const describe = () => {
    for (const { id, existing } of expand(document, ground.surroundings)) if (!existing) described.add(id)
  }
  describe()
  const ends: string[] = []
  let heard = (await ground.journal()).at(-1)?.seq ?? 0

  /** Carries out one operation, and looks at what it has done. */
  const operate = async (
    work: () => Promise<OperationView | undefined>,
    how: { keepsWeights: boolean; includeProtected?: boolean },
  ): Promise<OperationView | undefined> => {
    const before = await ground.resources()
    const operation = await work()
    await ground.clearFaults()
    if (!operation) return undefined
    ends.push(operation.state)
    const after = await ground.resources()
    const rows = await ground.journal(heard)
    heard = rows.at(-1)?.seq ?? heard
    onlyOursWritten(rows, described)
    inOrder(rows)
    strangersKept({ before, after, operation, keepsWeights: how.keepsWeights, home })
    if (operation.kind === 'destroy')
      emptiedOrNamed({ before, after, operation, home, includeProtected: how.includeProtected ?? false })
    else {
      blockersNamed(operation)
      if (operation.state === 'succeeded')
        expect(await ground.planned(document), '1: a plan after apply').toEqual([])
    }
    return operation
  }

  for (const step of steps) {
    switch (step.do) {
      case 'fault': {
        const { does } = faults[step.which] ?? {}
        if (does) await ground.addFault({ match: { plane: 'arm', from: step.from, count: 2 }, do: does })
        break
      }
      case 'drift':
        await drifts[step.which]?.act(await ground.resources(), ground.stranger, step.draw)
        break
      case 'apply': {
        const next = subject.document(step.edit)
        const keepsWeights = next === document
        document = next
        describe()
        await operate(() => ground.apply(document, step), { keepsWeights })
        break
      }
      case 'repair':
        await operate(() => ground.repair(step), { keepsWeights: true })
        break
      case 'destroy': {
        const { includeProtected } = step
        await operate(() => ground.destroy(includeProtected, step), { keepsWeights: false, includeProtected })
        break
      }
    }
  }
  await ground.clearFaults()
  document = subject.document(0)
  const inPeace: How = { kills: [], approves: true }
  await operate(() => ground.apply(document, inPeace), { keepsWeights: false })
  return { ends, world: await ground.resources() }
}

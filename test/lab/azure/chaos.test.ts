import { expect, test } from 'vitest'
import { type Lab, openAzure } from './open.ts'

type Outcome = number | 'died'

/** Persistence as any client would have it: try until it is there. */
async function insist(lab: Lab, path: string, body: object): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (let attempt = 0; attempt < 40; attempt++) {
    const answer = await lab.arm('PUT', path, { body }).catch(() => undefined)
    outcomes.push(answer?.status ?? 'died')
    await lab.advance(60)
    const state = await lab.arm('GET', path).then(
      (read) => read.body.properties?.provisioningState,
      () => undefined,
    )
    if (state === 'Succeeded') return outcomes
  }
  throw new Error(`${path} never came to be: ${outcomes}`)
}

const history = async (seed: number, order: 'forth' | 'back') => {
  const lab = await openAzure({ temper: 'chaos', seed })
  const names = Array.from({ length: 12 }, (_, index) => `rt-${index}`)
  const outcomes: Record<string, Outcome[]> = {}
  for (const name of order === 'forth' ? names : names.reverse())
    outcomes[name] = await insist(lab, `${lab.group}/providers/Microsoft.Network/routeTables/${name}`, {
      location: 'eastus',
    })
  const { operations } = (await lab.lab('GET', 'state')).tables
  const durations = operations.map(
    ([id, { startedAt, endsAt }]: [string, { startedAt: number; endsAt: number }]) => [
      id,
      endsAt - startedAt,
    ],
  )
  return { outcomes, durations: durations.sort() }
}

test('the same seed gives the same faults and durations, in whatever order calls come', async () => {
  const [forth, back] = [await history(11, 'forth'), await history(11, 'back')]
  expect(back).toEqual(forth)
})

test('another seed gives another history', async () => {
  const [one, other] = [await history(11, 'forth'), await history(12, 'forth')]
  expect(other.durations).not.toEqual(one.durations)
})

test('chaos really strikes, in several ways, and persistence wins', async () => {
  const { outcomes } = await history(13, 'forth')
  const all = Object.values(outcomes).flat()
  expect(all.length).toBeGreaterThan(12)
  expect(new Set(all).size).toBeGreaterThan(2)
})

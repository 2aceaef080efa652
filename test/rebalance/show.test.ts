import { beforeEach, expect, test, vi } from 'vitest'
import { decisionLines, poolLines } from '../../cli/pools.ts'
import { Decisions, Pools } from '../../functions/schemas.ts'
import { showDecisions, showPools } from '../../src/rebalance/show.ts'
import { documentOf, eus, eus2, openWorld, watched } from './world.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  return () => vi.useRealTimers()
})

const environment = 'contoso'

test('a pool is shown with shares, what it was seen to admit, its bounds and its last decisions', async () => {
  const here = await openWorld(documentOf('auto'))
  here.plant.capacity['contoso-eus'] = 30_000
  here.plant.demand['gpt-4o'] = 55_000
  await here.play(40)
  const pools = await showPools(here.world(), environment, Date.now())
  expect(Pools.parse({ environment, pools })).toEqual({ environment, pools })
  const [pool] = pools ?? []
  expect(pool).toMatchObject({ pool: 'gpt-4o', mode: 'auto', described: 'auto' })
  const [larger, smaller] = pool?.members ?? []
  expect(larger).toMatchObject({ backend: eus, account: 'contoso-eus', bounds: [5, 95] })
  expect(larger?.quotaShare).toBeCloseTo(100 / 130)
  expect((larger?.share ?? 0) + (smaller?.share ?? 0)).toBeCloseTo(1)
  expect(larger?.learnedTokensPerMinute).toBeGreaterThan(25_000)
  expect(larger?.learnedTokensPerMinute).toBeLessThan(100_000)
  expect(poolLines(pools ?? []).join('\n')).toMatch(/written: contoso-eus.*\[helped: /)

  const decisions = await showDecisions(here.world(), watched, 0)
  const answer = { environment, pool: 'gpt-4o', decisions }
  expect(Decisions.parse(answer)).toEqual(answer)
  expect(decisions?.map(({ at }) => at)).toEqual(
    decisions
      ?.map(({ at }) => at)
      .toSorted()
      .reverse(),
  )
  expect(decisionLines(decisions ?? [])[0]).toMatch(/\(\d+ times\) held: /)
})

test('what shadow would have won is counted', async () => {
  const here = await openWorld(documentOf('shadow'))
  here.plant.capacity['contoso-eus'] = 30_000
  here.plant.demand['gpt-4o'] = 55_000
  await here.play(40)
  const [pool] = (await showPools(here.world(), environment, Date.now())) ?? []
  expect(pool?.shadowed.helped).toBeGreaterThan(0)
  expect(pool?.members[0]?.share, 'nothing was moved').toBeCloseTo(100 / 130)
  expect(pool?.members[0]?.shadowShare).toBeLessThan(0.6)
  expect(poolLines(pool ? [pool] : []).join('\n')).toMatch(/would have helped/)
})

test('what makes the mode another than the document’s is said, and so is a hold', async () => {
  const here = await openWorld(documentOf('auto'))
  await here.play(10)
  here.edit({ [eus]: 1, [eus2]: 100 })
  await here.play(2)
  const [held] = (await showPools(here.world(), environment, Date.now())) ?? []
  expect(held).toMatchObject({ hold: { reason: 'edited', found: { [eus]: 1, [eus2]: 100 } } })
  expect(held?.members[0]?.share).toBeCloseTo(1 / 101, 3)
  here.settings.autoBalance = false
  const [off] = (await showPools(here.world(), environment, Date.now())) ?? []
  expect(off).toMatchObject({
    mode: 'shadow',
    described: 'auto',
    because: expect.stringMatching(/OPS_AUTO_BALANCE/),
  })
})

test('there is nothing to show of what nobody described, and a pool that was never looked at says so by leaving out', async () => {
  const here = await openWorld(documentOf('auto'))
  expect(await showPools(here.world(), 'fabrikam', Date.now())).toBe(undefined)
  expect(await showDecisions(here.world(), { environment, pool: 'other' }, 0)).toBe(undefined)
  const [pool] = (await showPools(here.world(), environment, Date.now())) ?? []
  expect(pool?.lookedAt).toBe(undefined)
  expect(pool?.decisions).toEqual([])
})

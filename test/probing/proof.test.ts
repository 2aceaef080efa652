import { expect, test } from 'vitest'
import { statesOf } from '../../src/probing/count.ts'
import { proofOf, provenConditions } from '../../src/probing/proof.ts'
import { serviceLevels } from '../../src/probing/service-level.ts'
import { surroundings } from '../fixtures.ts'
import { document, operation, probe, world } from './fakes.ts'

const dns = probe('dns', {
  proves: ['subnet/snet-apim', 'api-management/contoso-apim'],
  journey: 'isolation',
})
const chat = probe('chat', {
  beat: 'models',
  proves: ['api-management/contoso-apim'],
  journey: 'models directly',
})

test('the third axis is a condition of what was asked, and of nothing else', async () => {
  const here = world([dns, chat])
  await here.begin()
  const conditions = async () => {
    const states = await statesOf(here.store, 'contoso')
    return provenConditions(
      proofOf(here.probes, document, surroundings, states, await here.incidents(), here.now()),
    )
  }
  expect(await conditions()).toEqual([])
  await here.minutes(2)
  expect(
    (await conditions()).map(({ resource, axis, status }) => [resource, axis, status]).toSorted(),
  ).toEqual([
    ['api-management/contoso-apim', 'Proven', 'True'],
    ['subnet/snet-apim', 'Proven', 'True'],
  ])
  here.answers('dns', 'fail')
  await here.minutes(2)
  expect(await conditions()).toContainEqual({
    resource: 'subnet/snet-apim',
    axis: 'Proven',
    status: 'False',
    reason: 'ProbeFails',
    message: 'dns TimedOut',
    since: new Date(here.startMs + 3 * 60_000).toISOString(),
  })
})

async function proof(here: ReturnType<typeof world>) {
  const states = await statesOf(here.store, 'contoso')
  const view = proofOf(here.probes, document, surroundings, states, await here.incidents(), here.now())
  return Object.fromEntries(view.resources.map((one) => [one.resource, one]))
}

test('a resource is proven when all of its evidence is green and fresh, and says how old that is', async () => {
  const here = world([dns, chat])
  await here.begin()
  expect((await proof(here))['subnet/snet-apim']).toMatchObject({
    is: 'stale',
    why: 'dns has not been asked yet',
  })
  await here.minutes(3)
  const proven = await proof(here)
  expect(proven['subnet/snet-apim']).toEqual({
    resource: 'subnet/snet-apim',
    is: 'proven',
    since: new Date(here.startMs + 60_000).toISOString(),
    ageSeconds: 0,
    probes: ['dns'],
  })
  expect(proven['api-management/contoso-apim']?.is).toBe('proven')
  expect(proven['security-group/nsg-private-endpoints']).toMatchObject({
    is: 'assigned, not proven',
    why: 'said so',
  })
})

test('it fails with its cause, and is stale when nobody asks any more', async () => {
  const here = world([dns, chat])
  await here.begin()
  await here.minutes(3)
  here.answers('dns', 'fail')
  await here.minutes(2)
  expect((await proof(here))['subnet/snet-apim']).toMatchObject({ is: 'failing', why: 'dns TimedOut' })
  here.answers('dns', 'pass')
  await here.minute()
  here.pass(4 * 60_000)
  expect((await proof(here))['subnet/snet-apim']?.is).toBe('stale')
})

test('an inconclusive round proves nothing, and disproves nothing', async () => {
  const here = world([dns])
  await here.begin()
  await here.minutes(2)
  here.answers('dns', 'inconclusive', 'BadRequest')
  await here.minutes(2)
  expect((await proof(here))['subnet/snet-apim']?.is).toBe('proven')
  await here.minutes(3)
  expect((await proof(here))['subnet/snet-apim']).toMatchObject({
    is: 'stale',
    why: 'dns is inconclusive: it says BadRequest',
  })
})

test('a journey’s error budget is what its failures leave of the half percent that may fail', async () => {
  const here = world([dns, chat])
  await here.begin(operation())
  await here.minutes(999)
  here.answers('dns', 'fail')
  await here.minute()
  const levels = serviceLevels([dns, chat], await statesOf(here.store, 'contoso'), here.now())
  expect(levels).toMatchObject([
    { journey: 'isolation', rounds: 1_000, failed: 1, availabilityPercent: 99.9, errorBudgetPercent: 80 },
    { journey: 'models directly', failed: 0, availabilityPercent: 100, errorBudgetPercent: 100 },
  ])
  const later = serviceLevels([dns], await statesOf(here.store, 'contoso'), here.now() + 31 * 86_400_000)
  expect(later, 'a month later it is forgotten').toEqual([
    { journey: 'isolation', objectivePercent: 99.5, rounds: 0, failed: 0 },
  ])
})

test('evidence that says nothing is set aside where other evidence speaks', async () => {
  const split = probe('distribution', { proves: ['subnet/snet-apim'] })
  const here = world([dns, split])
  await here.begin()
  here.answers('distribution', 'inconclusive', 'TooFewCalls')
  await here.minutes(4)
  expect((await proof(here))['subnet/snet-apim']?.is).toBe('proven')
  here.answers('distribution', 'fail', 'SharesOff')
  await here.minutes(2)
  expect((await proof(here))['subnet/snet-apim']?.is).toBe('failing')
})

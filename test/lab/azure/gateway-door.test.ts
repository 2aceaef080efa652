import { expect, test } from 'vitest'
import { openNetworkAzure } from './network-world.ts'
import { putPool } from './traffic-world.ts'

test('the lab tells how the gateway is played, and lets it be played otherwise', async () => {
  const { lab } = await openNetworkAzure((world) => putPool(world))
  expect(await lab('GET', 'gateway')).toMatchObject({
    switches: { units: 2, poolPutResetsBreakers: false },
    unplayed: [],
    droppedEvents: {},
  })
  expect(await lab('POST', 'gateway/switches', { units: 1, poolPutResetsBreakers: true })).toMatchObject({
    units: 1,
    exhaustedPool: 'answers',
  })
  const { switches } = await lab('GET', 'gateway')
  expect(switches).toMatchObject({ units: 1, poolPutResetsBreakers: true, failedForward: 'raises' })
})

test('what a policy says and the lab does not play is named before anybody calls', async () => {
  const { lab } = await openNetworkAzure((world) => {
    putPool(world)
    const value =
      '<policies><inbound><base /><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>'
    const service = world.at('ApiManagement/service/contoso-apim')
    world.put(`${service}/apis/openai/policies/policy`, { value, format: 'xml' })
  })
  const { unplayed } = await lab('GET', 'gateway')
  expect(unplayed.join()).toContain('cache-lookup')
})

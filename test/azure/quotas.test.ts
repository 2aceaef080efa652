import { expect, test } from 'vitest'
import { openArm } from '../../src/azure/arm.ts'
import { openPipelines } from '../../src/azure/clients.ts'
import { readQuotas } from '../../src/azure/quotas.ts'
import { openMonitored } from '../lab/azure/monitor-world.ts'
import { type Installation, openInstallation } from './installation.ts'

const armOf = ({ settings, credential }: Installation) =>
  openArm(settings.resourceManager.endpoint, openPipelines(settings, credential))

test('quotas by the minute, by lower-case name, in one read; provisioned deployments have no limit', async () => {
  const world = await openMonitored()
  world.put(
    `${world.account}/deployments/PTU`,
    { model: { format: 'OpenAI', name: 'gpt-4o', version: '2024-11-20' } },
    { sku: { name: 'GlobalProvisionedManaged', capacity: 15 } },
  )
  const app = await openInstallation(world)
  await app.asked()
  const read = await readQuotas(armOf(app), world.account)
  expect(read).toEqual({
    is: 'read',
    deployments: new Map([
      // azure-facts 11: 1,000 tokens and 6 requests a minute for each unit.
      ['gpt-4o', { tokensPerMinute: 100_000, requestsPerMinute: 600, provisioned: false }],
      ['small', { tokensPerMinute: 1000, requestsPerMinute: 6, provisioned: false }],
      ['ptu', { provisioned: true }],
    ]),
  })
  expect(await app.asked()).toEqual([`arm ${world.account}/deployments`])
})

test('what cannot be read has no quota, not even none', async () => {
  const world = await openMonitored()
  const app = await openInstallation(world)
  await app.fault({ plane: 'arm', path: '/deployments' }, { status: 500 })
  expect(await readQuotas(armOf(app), world.account)).toMatchObject({
    is: 'unreadable',
    failure: { status: 500 },
  })
})

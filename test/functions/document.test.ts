import { readFileSync } from 'node:fs'
import { HttpRequest } from '@azure/functions'
import { expect, test } from 'vitest'
import type { App } from '../../functions/app.ts'
import { documentIn, documentOrStored, refusedNow } from '../../functions/document.ts'
import { allEnvironments } from '../../src/store/store.ts'
import { everything } from '../environment/reference.ts'
import { memoryStore } from '../memory-store.ts'
import { noProbes } from '../probing/fakes.ts'

/** Which documents get through the door of an installation. */
const bare = { subscriptionId: everything.subscriptionId, gatewaySuffix: 'azure-api.net' }
const never = () => Promise.reject(new Error('is not asked'))
const app = (surroundings: App['surroundings']): App => ({
  store: memoryStore(),
  surroundings,
  resourceGroups: ['rg-contoso-ai'],
  autoBalance: true,
  probes: noProbes,
  plan: never,
  preflight: never,
  audit: never,
  importGroup: never,
  orchestrations: () => ({ status: never, start: never }),
})
const logging = readFileSync('examples/contoso.yaml', 'utf8').replace('logTo: none', 'logTo: eventHub')

test('one that wants a log to an event hub is refused where there is none, naming the field and the setting', async () => {
  const read = await documentIn(logging, 'contoso', app(bare))
  if (!('refused' in read)) throw new Error('it got through')
  expect(read.refused.status).toBe(400)
  const { faults } = JSON.parse(String(read.refused.body))
  expect(faults).toMatchObject([{ path: 'gateway.api.logTo' }])
  expect(faults[0].remedy).toContain('OPS_EVENT_HUB_ID')
  expect(await documentIn(logging, 'contoso', app(everything))).toHaveProperty('document')
})

test('a stored one is refused, not half carried out, once its installation has lost what it asks for', async () => {
  const read = await documentIn(logging, 'contoso', app(everything))
  if (!('document' in read)) throw new Error('it did not get through')
  const { document } = read
  const lost = app(bare)
  const row = { name: 'contoso', document, documentHash: '', operation: '', updatedMs: 0 }
  await lost.store.environments.put(allEnvironments, 'contoso', row)
  const request = new HttpRequest({ url: 'http://app/x', method: 'POST', params: { name: 'contoso' } })
  expect(await documentOrStored(request, lost)).toMatchObject({ refused: { status: 409 } })
  expect(refusedNow(document, lost)?.status).toBe(409)
  expect(refusedNow(document, app(everything))).toBeUndefined()
})

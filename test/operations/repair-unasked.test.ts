import { expect, test } from 'vitest'
import type { Document } from '../../src/environment/schema.ts'
import type { Surroundings } from '../../src/environment/surroundings.ts'
import { repairUnasked } from '../../src/operations/repair-unasked.ts'
import { allEnvironments } from '../../src/store/store.ts'
import { everything } from '../environment/reference.ts'
import { contosoDocument, surroundings } from '../fixtures.ts'
import { memoryStore } from '../memory-store.ts'

const plain = contosoDocument()
const document: Document = {
  ...plain,
  repair: { auto: ['safe'], budgetPerHour: 5 },
  gateway: { ...plain.gateway, api: { ...plain.gateway.api, logTo: 'eventHub' } },
}

/** What a sweep found, in an installation that offers this. */
async function found(offered: Surroundings) {
  const store = memoryStore()
  const row = { name: 'contoso', document, documentHash: '', operation: '', updatedMs: 0 }
  await store.environments.put(allEnvironments, 'contoso', row)
  const findings = [
    { resource: 'subnet/snet-apim', class: 'safe' as const, reason: 'is missing', changes: [] },
  ]
  const decision = await repairUnasked(
    store,
    { status: async () => 'absent', start: async () => {} },
    { environment: 'contoso', checkedMs: 0, findings, unreadable: 0 },
    { autoRepair: true, surroundings: offered },
    { nowMs: Date.parse('2026-11-23T03:00:00Z'), random: 'abcd' },
  )
  return { decision, begun: await store.operations.list('contoso') }
}

test('nobody asked, and an installation that has lost what the document asks for: a repair would take the log away, and is left', async () => {
  const { decision, begun } = await found(surroundings)
  expect(decision).toMatchObject({ is: 'leave', why: expect.stringContaining('gateway.api.logTo') })
  expect(begun).toEqual([])
  expect(await found(everything)).toMatchObject({ decision: { is: 'repair' }, begun: [{ automatic: true }] })
})

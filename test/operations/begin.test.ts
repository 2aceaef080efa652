import { expect, test } from 'vitest'
import { begin, type Orchestrations, type Request } from '../../src/operations/begin.ts'
import { environmentOf, operationId } from '../../src/operations/identifier.ts'
import { updateOperation } from '../../src/operations/update.ts'
import { allEnvironments, type Store } from '../../src/store/store.ts'
import { contosoDocument } from '../fixtures.ts'
import { memoryStore } from '../memory-store.ts'

const nowMs = Date.parse('2026-11-23T03:00:00Z')
const clock = (random: string, laterSeconds = 0) => ({ nowMs: nowMs + laterSeconds * 1000, random })
const document = contosoDocument()
const request: Request = { kind: 'provision', document }
const another: Request = { kind: 'provision', document: { ...document, tags: { owner: 'somebody else' } } }

/** Orchestrations that are alive once started, and whatever `ended` says. */
function orchestrations() {
  const started = new Set<string>()
  const ended = new Set<string>()
  const port: Orchestrations = {
    status: async (id) => (ended.has(id) ? 'ended' : started.has(id) ? 'alive' : 'absent'),
    start: async (id) => {
      started.add(id)
    },
  }
  return { port, started, ended }
}

/** A process that is killed at its n-th write: from then on nothing it does has an effect. */
function killedAt(store: Store, writes: number): Store {
  let left = writes
  return Object.fromEntries(
    Object.entries(store).map(([name, table]) => [
      name,
      new Proxy(table, {
        get: (target, verb: keyof typeof table) =>
          verb === 'get' || verb === 'list' ? target[verb] : guarded(target[verb]),
      }),
    ]),
  ) as unknown as Store

  function guarded(verb: (...parts: never[]) => unknown) {
    return (...parts: never[]) => {
      if (left-- <= 0) throw new Error('killed')
      return verb(...parts)
    }
  }
}

test('a document is stored with an operation, a lease and an orchestration of one id', async () => {
  const store = memoryStore()
  const { port, started } = orchestrations()
  const begun = await begin(store, port, request, clock('abcd'))
  expect(begun).toEqual({ is: 'begun', operation: 'contoso-provision-20261123T030000Z-abcd' })
  expect([...started]).toEqual([begun.operation])
  expect((await store.environments.get(allEnvironments, 'contoso'))?.value).toMatchObject({
    operation: begun.operation,
    document,
  })
  expect((await store.operations.get('contoso', begun.operation))?.value).toMatchObject({
    state: 'queued',
    generation: 1,
  })
})

test('the same document joins the operation under way, another one is turned away and stored nowhere', async () => {
  const store = memoryStore()
  const { port } = orchestrations()
  const first = await begin(store, port, request, clock('aaaa'))
  expect(await begin(store, port, request, clock('bbbb'))).toEqual({
    is: 'joined',
    operation: first.operation,
  })
  expect(await begin(store, port, another, clock('cccc'))).toEqual({ is: 'busy', operation: first.operation })
  expect((await store.environments.get(allEnvironments, 'contoso'))?.value.document).toEqual(document)
})

test('once the operation has ended the next one takes the lease with a higher generation', async () => {
  const store = memoryStore()
  const { port } = orchestrations()
  const first = await begin(store, port, request, clock('aaaa'))
  await updateOperation(store, first.operation, (row) => ({ ...row, state: 'succeeded' }))
  const second = await begin(store, port, another, clock('bbbb', 60))
  expect(second.is).toBe('begun')
  expect((await store.leases.get(allEnvironments, 'contoso'))?.value).toMatchObject({
    operation: second.operation,
    generation: 2,
  })
})

test('an operation whose orchestration died gives the lease up, and says so', async () => {
  const store = memoryStore()
  const { port, ended } = orchestrations()
  const first = await begin(store, port, request, clock('aaaa'))
  ended.add(first.operation)
  expect((await begin(store, port, another, clock('bbbb', 1))).is).toBe('begun')
  expect((await store.operations.get('contoso', first.operation))?.value).toMatchObject({
    state: 'failed',
    error: { reason: 'Abandoned' },
  })
})

test('killed after any of its writes and called again, it ends as if it had never been killed', async () => {
  for (let writes = 0; writes < 4; writes++) {
    const store = memoryStore()
    const { port, started } = orchestrations()
    await begin(killedAt(store, writes), port, request, clock('aaaa')).catch((error: Error) =>
      expect(error.message).toBe('killed'),
    )
    const again = await begin(store, port, request, clock('bbbb', 5))
    expect([...started], `killed after ${writes} writes`).toEqual([again.operation])
    expect((await store.leases.get(allEnvironments, 'contoso'))?.value).toMatchObject({
      operation: again.operation,
      generation: 1,
    })
    expect((await store.operations.get('contoso', again.operation))?.value.state).toBe('queued')
    expect((await store.environments.get(allEnvironments, 'contoso'))?.value.operation).toBe(again.operation)
  }
})

test('a lease left by a killed process is free for another document after two minutes, not before', async () => {
  const store = memoryStore()
  const { port } = orchestrations()
  await begin(killedAt(store, 1), port, request, clock('aaaa')).catch(() => {})
  expect((await begin(store, port, another, clock('bbbb', 119))).is).toBe('busy')
  expect((await begin(store, port, another, clock('cccc', 120))).is).toBe('begun')
})

test('of ten calls at one moment with ten documents, one begins and nine are turned away', async () => {
  const store = memoryStore()
  const { port, started } = orchestrations()
  const begun = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      begin(
        store,
        port,
        { kind: 'provision', document: { ...document, tags: { index: String(index) } } },
        clock(`aaa${index}`),
      ),
    ),
  )
  expect(begun.filter(({ is }) => is === 'begun')).toHaveLength(1)
  expect(begun.filter(({ is }) => is === 'busy')).toHaveLength(9)
  expect(started.size).toBe(1)
})

test('an operation’s id names its environment, and nothing else passes for one', () => {
  const id = operationId('a-provision-b', 'provision', nowMs, 'x9y8')
  expect(id).toMatch(/^[A-Za-z0-9-]+$/)
  expect(environmentOf(id)).toBe('a-provision-b')
  for (const other of [
    '',
    'contoso',
    'contoso-provision',
    "x'; drop-provision-20261123T030000Z-abcd",
    '../x-provision-20261123T030000Z-abcd',
  ])
    expect(environmentOf(other)).toBeUndefined()
})

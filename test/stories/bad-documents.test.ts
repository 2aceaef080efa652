import { afterAll, beforeAll, expect, test } from 'vitest'
import { ProblemDetails } from '../../functions/schemas.ts'
import { badDocuments } from '../environment/bad-documents/all.ts'
import { type Running, running } from './lab.ts'

/** Every document that must be refused (test/environment/bad-documents), sent to the running app. */
let here: Running
beforeAll(async () => {
  here = await running()
}, 60_000)
afterAll(() => here[Symbol.asyncDispose]())

const send = (method: string, path: string, body: string) =>
  fetch(new URL(`/api/environments/contoso${path}`, here.lab.app), { method, body })

test('each is answered 400 with the path of every fault, whether it is applied or planned', async () => {
  for (const [fault, body, paths] of badDocuments)
    for (const [method, path] of [
      ['PUT', ''],
      ['POST', '/plan'],
    ] as const) {
      // A plan without a document is about the stored one.
      if (path === '/plan' && body === '') continue
      const response = await send(method, path, body)
      expect(response.status, `${fault} (${method})`).toBe(400)
      expect(response.headers.get('content-type')).toContain('application/problem+json')
      const { faults = [] } = ProblemDetails.parse(await response.json())
      expect(faults.map((it) => it.path).toSorted(), fault).toEqual(paths.toSorted())
    }
}, 120_000)

test('no call is made to Azure for any of them, and nothing is stored', async () => {
  expect((await here.azure.journal()).filter(({ plane }) => plane === 'arm')).toEqual([])
  const stored = await (await fetch(new URL('/api/environments', here.lab.app))).json()
  expect(stored).toEqual({ environments: [] })
})

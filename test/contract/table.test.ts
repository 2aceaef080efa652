import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startAzurite } from '../../lab/host/azurite.ts'
import { openTable, type Table } from '../../src/store/table.ts'
import { memoryTable } from '../memory-store.ts'
import { open } from './azure.ts'

interface Row {
  text: string
  nested?: { list: number[] }
}

/** Azurite over TLS with the identity's token, exactly as the app reaches its tables. */
async function azuriteTables() {
  const lab = await open()
  const dir = mkdtempSync(join(tmpdir(), 'ops-tables-'))
  const certificate = await lab.post<{ certificate: string; privateKey: string }>('/_lab/certificates', {
    names: ['localhost', '127.0.0.1'],
  })
  const azurite = await startAzurite({ dir, ...certificate, onLost: () => {} })
  let count = 0
  return {
    async table(): Promise<Table<Row>> {
      const client = new TableClient(azurite.tables, `Rows${++count}`, await lab.credential())
      await client.createTable()
      return openTable<Row>(async () => client)
    },
    async close() {
      await azurite.stop()
      await lab.azure.close()
      rmSync(dir, { recursive: true })
    },
  }
}

let real: Awaited<ReturnType<typeof azuriteTables>>
beforeAll(async () => {
  real = await azuriteTables()
})
afterAll(() => real.close())

describe.each([
  ['memory', async () => memoryTable<Row>()],
  ['Azure Tables (Azurite, OAuth)', () => real.table()],
])('a table in %s', (_name, make) => {
  test('gives back what was put, whatever is in it', async () => {
    const table = await make()
    const value = { text: 'a "quoted" ü / 🙂', nested: { list: [1, 2] } }
    await table.put('p', 'kind/name', value)
    expect((await table.get('p', 'kind/name'))?.value).toEqual(value)
    expect(await table.get('p', 'other')).toBeUndefined()
    expect(await table.get('q', 'kind/name')).toBeUndefined()
  })

  test('holds a document of thirty thousand characters', async () => {
    const table = await make()
    const value = { text: 'x'.repeat(30_000) }
    await table.put('p', 'r', value)
    expect((await table.get('p', 'r'))?.value).toEqual(value)
  })

  test('inserts only what is not there', async () => {
    const table = await make()
    expect(await table.insert('p', 'r', { text: 'first' })).toBe(true)
    expect(await table.insert('p', 'r', { text: 'second' })).toBe(false)
    expect((await table.get('p', 'r'))?.value.text).toBe('first')
  })

  test('replaces only what was read', async () => {
    const table = await make()
    await table.put('p', 'r', { text: 'one' })
    const read = await table.get('p', 'r')
    expect(await table.replace('p', 'r', { text: 'two' }, read?.etag ?? '')).toBe(true)
    expect(await table.replace('p', 'r', { text: 'three' }, read?.etag ?? '')).toBe(false)
    expect((await table.get('p', 'r'))?.value.text).toBe('two')
  })

  test('removes, also what is not there', async () => {
    const table = await make()
    await table.put('p', 'kind/name', { text: 'x' })
    await table.remove('p', 'kind/name')
    await table.remove('p', 'kind/name')
    expect(await table.get('p', 'kind/name')).toBeUndefined()
  })

  test('lists one partition by row key, and takes more rows than one transaction holds', async () => {
    const table = await make()
    await table.putAll(
      'p',
      Array.from({ length: 250 }, (_, index) => [String(index).padStart(3, '0'), { text: String(index) }]),
    )
    await table.putAll('p', [])
    await table.put("it's", 'r', { text: 'elsewhere' })
    expect((await table.list('p')).map(({ text }) => Number(text))).toEqual(
      Array.from({ length: 250 }, (_, index) => index),
    )
    expect(await table.list("it's")).toEqual([{ text: 'elsewhere' }])
  })

  test('replaces many rows only as they were read, and adds only what is new', async () => {
    const table = await make()
    await table.putAll('p', [
      ['a', { text: 'a' }],
      ['b', { text: 'b' }],
    ])
    const [a, b] = await table.listStored('p')
    expect(
      await table.replaceAll('p', [
        ['a', { text: 'a2' }, a?.etag],
        ['c', { text: 'c' }, undefined],
      ]),
    ).toBe(true)
    const stale: [string, { text: string }, string | undefined] = ['a', { text: 'stale' }, a?.etag]
    expect(await table.replaceAll('p', [['b', { text: 'b2' }, b?.etag], stale])).toBe(false)
    expect(await table.replaceAll('p', [['c', { text: 'again' }, undefined]])).toBe(false)
    await table.remove('p', 'b')
    expect(await table.replaceAll('p', [['b', { text: 'back' }, b?.etag]])).toBe(false)
    expect((await table.list('p')).map(({ text }) => text)).toEqual(['a2', 'c'])
  })

  test('lists the rows from one key on and before another', async () => {
    const table = await make()
    for (const row of ['1', '2/a', '2/b', '3']) await table.put('p', row, { text: row })
    const texts = async (range: Parameters<typeof table.list>[1]) =>
      (await table.list('p', range)).map(({ text }) => text)
    expect(await texts({ from: '2/a' })).toEqual(['2/a', '2/b', '3'])
    expect(await texts({ before: '2/b' })).toEqual(['1', '2/a'])
    expect(await texts({ from: '2', before: '3' })).toEqual(['2/a', '2/b'])
    expect(await texts({ from: '4' })).toEqual([])
  })
})

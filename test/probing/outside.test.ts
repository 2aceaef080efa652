import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { askFromHere, keep } from '../../cli/outside.ts'
import { handIn } from '../../src/probing/hand-in.ts'
import { probeKey } from '../../src/probing/keys.ts'
import type { ProbeDetail } from '../../src/probing/show.ts'
import { memoryStore } from '../memory-store.ts'
import { probe } from './fakes.ts'

const outside = probe('internet/localhost', { vantage: 'internet', expect: 'fails', layer: 'dns' })
const detail: ProbeDetail = {
  ...outside,
  key: probeKey(outside.id),
  module: 'dns',
  target: { host: 'localhost', within: ['192.168.2.0/26'] },
  stands: 'never asked',
  recent: '',
  failures: [],
}

test('what the outside half sees goes into a file, and the file is what is handed in', async () => {
  const seen = await askFromHere('contoso', [detail])
  expect(seen).toMatchObject({
    environment: 'contoso',
    vantage: 'internet',
    verdicts: [{ probe: outside.id }],
  })
  const folder = mkdtempSync(join(tmpdir(), 'ops-verdicts-'))
  keep(join(folder, 'verdicts.json'), seen)
  const read = JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8')) as typeof seen
  rmSync(folder, { recursive: true })
  expect(read).toEqual(seen)
  const [verdict] = read.verdicts
  if (!verdict) throw new Error('nothing was asked')
  expect(['pass', 'fail', 'inconclusive']).toContain(verdict.verdict.result)
  expect(verdict.verdict.reason, 'the module itself judged').not.toBe('ProberBroken')
  const store = memoryStore()
  const handed = read.verdicts.map(({ probe: id, at, verdict }) => ({
    probe: id,
    atMs: Date.parse(at),
    verdict,
  }))
  const clock = { nowMs: Date.now(), random: 'abcd' }
  expect(await handIn(store, 'contoso', [outside], handed, 'somebody', clock)).toEqual([])
  expect(await store.rounds.list('contoso')).toHaveLength(1)
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Before all tests: a folder for worlds that several test files begin from (`stories/provisioned.ts`); removed after them. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'ops-kept-'))
  process.env['OPS_KEPT_WORLDS'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

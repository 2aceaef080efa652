import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { faults } from '../../probes/faults.ts'
import { injections } from './injections.ts'
import type { Suffered } from './suffer.ts'

const line = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`
const isRight = (row: string) => !row.includes('**wrong:**')

function rowOf(came: Suffered): string {
  const { id, named, wrong, fired, resolved, roundsToFire, roundsToResolve, roots, muted } = came
  const injected = faults.find((fault) => fault.id === id)?.inject ?? ''
  return line(
    id,
    injected,
    wrong === '' ? `\`${named}\`` : `**wrong:** ${wrong}`,
    fired,
    resolved,
    roundsToFire,
    roundsToResolve,
    `${roots.length}, ${muted}`,
  )
}

/** Puts what came of a fault into the page of the docs; the rows of others stay as they were seen last. */
export function keepRow(file: string, came: Suffered): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const rows = new Map(
    before.split('\n').flatMap((row) => {
      const id = /^\| ([a-z0-9-]+) \|/.exec(row)?.[1]
      return id && injections[id] ? [[id, row] as const] : []
    }),
  )
  rows.set(came.id, rowOf(came))
  const inOrder = faults.flatMap(({ id }) => rows.get(id) ?? [])
  writeFileSync(file, pageOf(inOrder))
}

function pageOf(rows: string[]): string {
  const left = faults.filter(({ id }) => !injections[id]).map(({ id }) => `\`${id}\``)
  return `# Faults, and what the probes made of them

Each fault was brought about in the simulated Azure, where the service had provisioned \`examples/contoso.yaml\` (with \`logTo: eventHub\`, and every probe asked every minute), and healed again. Written by a real run, of all faults or of some, whose rows are then replaced:

\`\`\`
PROBE_FAULTS=all PROBE_FAULTS_TABLE=docs/probe-faults.md npx vitest run test/probing/faults/faults.test.ts
\`\`\`

Rounds are minutes: after the fault until the alert, and after the healing until everything was green and the alert was told to be over. Of ${rows.length} faults ${rows.filter(isRight).length} were told by the right cause, with one alert and one end.${left.length > 0 ? ` Tried by data alone (test/probes/diagnose), because the lab cannot play them: ${left.join(', ')}.` : ''}

${[
  line(
    'fault',
    'brought about',
    'named cause',
    'alerts',
    'resolves',
    'rounds until told',
    'until over',
    'failing, muted',
  ),
  line('---', '---', '---', '---', '---', '---', '---', '---'),
  ...rows,
].join('\n')}
`
}

import type { Finding } from '../src/gateway-audit/finding.ts'
import type { Audited } from '../src/operations/audit.ts'

/** An audit for people: a line per finding, what it costs and what to do below it, and the sum. */
export function auditLines({ environment, findings, unread }: Audited): string[] {
  const alike = Map.groupBy(findings, ({ id, severity, what, figure, fix }) =>
    [id, severity, what, figure, fix].join('|'),
  )
  const count = (severity: Finding['severity']) => findings.filter((it) => it.severity === severity).length
  return [
    ...[...alike.values()].flatMap(findingLines),
    ...unread.map(({ resource, reason }) => `?           ${resource.split('/providers/').at(-1)}: ${reason}`),
    `${environment}: ${count('costs calls')} cost calls, ${count('risk')} at risk, ${count('note')} to note${unread.length > 0 ? `; ${unread.length} not read` : ''}`,
  ]
}

/** One block for all of which the same is to be said. */
function findingLines(alike: Finding[]): string[] {
  const [first] = alike
  if (!first) return []
  const { id, severity, what, figure, fix, source } = first
  const about = alike.map(({ where }) => Object.entries(where).flat().join(' ')).join(', ')
  return [
    `${severity.padEnd(11)} ${id}  ${about}: ${what}`,
    ...(figure ? [`            = ${figure}`] : []),
    `            → ${fix}  [${source}]`,
  ]
}

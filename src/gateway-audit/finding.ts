/** What an audit says of a live gateway. */

/** Whether calls fail or are wasted that need not be; whether they might; or just worth knowing. */
export type Severity = 'costs calls' | 'risk' | 'note'

export type Where = { policy: string } | { pool: string } | { backend: string } | { service: string }

export interface Finding {
  /** What is wrong, in a word that stays: `breaker-missing`. */
  id: string
  severity: Severity
  where: Where
  what: string
  /** What it costs: measured here where figures were given, else simulated or reckoned; it says which. */
  figure?: string
  fix: string
  /** Where it is written that this is so. */
  source: string
}

const order: Severity[] = ['costs calls', 'risk', 'note']

/** What costs most comes first; beside each other what is about one thing. */
export const inOrder = (findings: Finding[]): Finding[] =>
  findings.toSorted(
    (a, b) =>
      order.indexOf(a.severity) - order.indexOf(b.severity) ||
      compare(whereText(a.where), whereText(b.where)) ||
      compare(a.id, b.id),
  )

/** Of a policy; no fault, since nobody can tell. */
export const notUnderstood = (policy: string, what: string, fix: string): Finding => ({
  id: 'not-understood',
  severity: 'note',
  where: { policy },
  what: `it cannot be read ${what}`,
  fix: `${fix}, or judge it yourself`,
  source: 'docs/audit.md, What it cannot see',
})

/** `pool gpt-4o` */
export const whereText = (where: Where): string => Object.entries(where).flat().join(' ')

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

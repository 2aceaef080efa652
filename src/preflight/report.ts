import type { Check, Problem, Subject } from './check.ts'
import { checks } from './checks.ts'

/** One result of one check; those that found something wrong say where, what, and what to do. */
export interface Finding {
  code: string
  result: 'PASS' | 'WARN' | 'FAIL'
  message: string
  /** Field of the document. */
  path?: string
  /** Key or id of a resource. */
  resource?: string
  remedy?: string
}

export interface Report {
  environment: string
  summary: { pass: number; warn: number; fail: number }
  findings: Finding[]
  /** Checks that could not be made, and why; a check may have found something elsewhere all the same. */
  unknown: { code: string; about: string; reason: string }[]
}

/** Makes every check, in the order of their codes. Pure. */
export function report(subject: Subject): Report {
  const made = checks.map((check) => ({ check, said: check.run(subject) }))
  const findings = made.flatMap(({ check, said }): Finding[] => {
    if (said.length === 0) return [{ code: check.code, result: 'PASS', message: check.title }]
    return said.filter((one) => 'message' in one).map((problem) => finding(check, problem))
  })
  const unknown = made.flatMap(({ check: { code }, said }) =>
    said.filter((one) => 'unread' in one).map(({ about, unread }) => ({ code, about, reason: unread })),
  )
  const count = (result: Finding['result']) => findings.filter((found) => found.result === result).length
  const summary = { pass: count('PASS'), warn: count('WARN'), fail: count('FAIL') }
  return { environment: subject.document.name, summary, findings, unknown }
}

const finding = ({ code, severity, remedy }: Check, problem: Problem): Finding => ({
  code,
  result: severity,
  remedy,
  ...problem,
})

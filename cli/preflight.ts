import type { Report } from '../src/preflight/report.ts'

/** A report for people: what is wrong and what to do, then what nobody could tell, then the sum. */
export function preflightLines({ environment, findings, unknown, summary }: Report): string[] {
  const wrong = findings
    .filter(({ result }) => result !== 'PASS')
    .toSorted((a, b) => (a.result < b.result ? -1 : a.result > b.result ? 1 : 0))
  return [
    ...wrong.flatMap(({ code, result, path, resource, message, remedy }) => [
      `${result} ${code} ${path ?? resource ?? ''} ${message}`,
      ...(remedy ? [`     → ${remedy}`] : []),
    ]),
    ...unknown.map(({ code, about, reason }) => `?    ${code} ${about}: ${reason}`),
    `${environment}: ${summary.fail} FAIL, ${summary.warn} WARN, ${summary.pass} PASS, ${unknown.length} unknown`,
  ]
}

import type { Report } from '../src/preflight/report.ts'
import { type Problem, Refused } from './client.ts'

/** Asks the app for a preflight; it reads Azure and writes nothing. */
export async function askPreflight(
  url: string,
  token: string | undefined,
  name: string,
  document: string,
): Promise<Report> {
  const response = await fetch(new URL(`/api/environments/${encodeURIComponent(name)}/preflight`, url), {
    method: 'POST',
    headers: {
      'content-type': 'application/yaml',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: document,
  })
  const text = await response.text()
  if (response.ok) return JSON.parse(text) as Report
  if (response.headers.get('content-type')?.startsWith('application/problem+json'))
    throw new Refused(JSON.parse(text) as Problem)
  throw new Error(`the app answered ${response.status} ${text.slice(0, 200)}`)
}

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

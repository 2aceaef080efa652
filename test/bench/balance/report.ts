import { type Bar, passes } from './bars.ts'
import { type Row, rowsOf } from './figures.ts'
import type { Result } from './runs.ts'

/** Tables for people. */
const figure = (value: number | undefined) =>
  value !== undefined && Number.isFinite(value) ? value.toFixed(2) : '–'

export function printBars(bars: Bar[]): void {
  const width = Math.max(...bars.map(({ what }) => what.length))
  console.log(`${'bar'.padEnd(width)}   value    must stretch`)
  for (const bar of bars) {
    const { what, value, sense, must, stretch, where } = bar
    const verdict = passes(bar, stretch) ? 'stretch' : passes(bar, must) ? 'must' : 'NOT MET'
    const limits = [must, stretch].map((limit) => sense + figure(limit).padStart(6)).join(' ')
    console.log(
      `${what.padEnd(width)} ${figure(value).padStart(7)} ${limits}  ${verdict}${where ? ` (${where})` : ''}`,
    )
  }
}

export function printRows(title: string, rows: Row[]): void {
  const width = Math.max(title.length, ...rows.map(({ controller }) => controller.length))
  console.log(`\n${title.padEnd(width)} failed %     AFR  writes/h 429 per 100`)
  for (const { controller, failedPercent, afr, writesPerHour, throttledPer100 } of rows) {
    const cells = [
      figure(failedPercent).padStart(8),
      figure(afr).padStart(7),
      figure(writesPerHour).padStart(9),
      figure(throttledPer100).padStart(11),
    ]
    console.log(`${controller.padEnd(width)} ${cells.join(' ')}`)
  }
}

export interface FamilyRows {
  limiter: string
  family: string
  trace: string
  rows: Row[]
}

export const familiesOf = (results: Result[]): FamilyRows[] =>
  [
    ...Map.groupBy(results, ({ limiter, family, trace }) =>
      JSON.stringify([limiter, family, trace]),
    ).values(),
  ].flatMap((of) => {
    const [first] = of
    return first
      ? [{ limiter: first.limiter, family: first.family, trace: first.trace, rows: rowsOf(of) }]
      : []
  })

const COLUMNS = ['router', 'delayed oracle', 'static quota', '50/50', 'law as written', 'ours', 'subject']

/** By family: failed calls in percent. */
export function printFamilies(all: FamilyRows[]): void {
  for (const [limiter, own] of Map.groupBy(all, (one) => one.limiter)) {
    const shown = COLUMNS.filter((name) =>
      own[0]?.rows.some(({ controller }) => controller === `bare/${name}`),
    )
    console.log(`\n${`failed %, ${limiter}`.padEnd(26)}${shown.map((name) => name.padStart(15)).join('')}`)
    for (const { family, trace, rows } of own) {
      const cells = shown.map((name) => {
        const failed = rows.find(({ controller }) => controller === `bare/${name}`)?.failedPercent
        return figure(failed).padStart(15)
      })
      console.log(`${`${family}, ${trace.split('/').at(-1)}`.padEnd(26)}${cells.join('')}`)
    }
  }
}

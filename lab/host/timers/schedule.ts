// NCRONTAB, the six fields of Functions timers: {second} {minute} {hour} {day} {month} {day of week}, in the process's time zone.
// Croner does the arithmetic; what it takes beyond NCRONTAB is refused here, because Azure would refuse it.
import { Cron } from 'croner'

const value = '(?:\\d+|[A-Za-z]{3})'
const field = `(?:\\*|${value}(?:-${value})?)(?:/\\d+)?`
const ncrontab = new RegExp(`^${field}(?:,${field})*$`)
const minuteMs = 60_000

export interface Schedule {
  /** The first occurrence after that moment, in Unix milliseconds. */
  next(afterMs: number): number
  /** A schedule that runs more often than once a minute is not monitored: no status is kept, nothing is past due. */
  frequent: boolean
}

export function parseSchedule(expression: string): Schedule {
  const given = expression.trim().split(/\s+/)
  const fields = given.length === 5 ? ['0', ...given] : given
  const bad = (why: string) =>
    new Error(`The schedule '${expression}' is not an NCRONTAB expression this host plays: ${why}.`)
  if (fields.length !== 6)
    throw bad('it needs six fields (intervals such as 00:05:00 are for App Service plans)')
  const odd = fields.find((text) => !ncrontab.test(text))
  if (odd !== undefined) throw bad(`'${odd}'`)
  if (/(^|[,-])7/.test(fields[5] ?? '')) throw bad('Sunday is 0, not 7')
  let cron: Cron
  try {
    cron = new Cron(fields.join(' '), { paused: true, domAndDow: true, mode: '6-part' })
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error))
  }
  const next = (afterMs: number) => {
    const occurrence = cron.nextRun(new Date(afterMs))
    if (!occurrence) throw bad('it never occurs')
    return occurrence.getTime()
  }
  const first = next(Date.now())
  return { next, frequent: next(first) - first < minuteMs }
}

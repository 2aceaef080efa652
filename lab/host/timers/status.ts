// The schedule monitor: what a timer's next start of the host needs to know. Azure keeps it in a blob, the lab in one SQLite file.
import { DatabaseSync } from 'node:sqlite'

/** Unix milliseconds; last is null before the first run. */
export interface TimerStatus {
  last: number | null
  next: number
  updated: number
}

export interface TimerStatuses {
  read(timer: string): TimerStatus | undefined
  write(timer: string, status: TimerStatus): void
  close(): void
}

export function openTimerStatuses(file: string): TimerStatuses {
  const db = new DatabaseSync(file)
  db.exec(
    'CREATE TABLE IF NOT EXISTS timers (timer TEXT PRIMARY KEY, last INTEGER, next INTEGER, updated INTEGER)',
  )
  const select = db.prepare('SELECT last, next, updated FROM timers WHERE timer = ?')
  const replace = db.prepare('INSERT OR REPLACE INTO timers (timer, last, next, updated) VALUES (?, ?, ?, ?)')
  return {
    read: (timer) => select.get(timer) as unknown as TimerStatus | undefined,
    write: (timer, { last, next, updated }) => void replace.run(timer, last, next, updated),
    close: () => db.close(),
  }
}

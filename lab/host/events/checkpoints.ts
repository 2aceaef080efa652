// How far each function has got in its hub. Azure keeps it in a blob per partition, the lab in one SQLite file.
import { DatabaseSync } from 'node:sqlite'

export interface Checkpoints {
  /** Number of the last event handed over; 0 before the first. */
  read(fn: string, hub: string): number
  write(fn: string, hub: string, number: number): void
  close(): void
}

export function openCheckpoints(file: string): Checkpoints {
  const db = new DatabaseSync(file)
  // Survives the death of the process, and is written after every batch.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  db.exec('CREATE TABLE IF NOT EXISTS checkpoints (fn TEXT, hub TEXT, number INTEGER, PRIMARY KEY (fn, hub))')
  const select = db.prepare('SELECT number FROM checkpoints WHERE fn = ? AND hub = ?')
  const replace = db.prepare('INSERT OR REPLACE INTO checkpoints (fn, hub, number) VALUES (?, ?, ?)')
  return {
    read: (fn, hub) => Number(select.get(fn, hub)?.['number'] ?? 0),
    write: (fn, hub, number) => void replace.run(fn, hub, number),
    close: () => db.close(),
  }
}

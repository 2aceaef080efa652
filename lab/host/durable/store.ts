// The task hub's file. Every change of it is one transaction, so that SIGKILL leaves a hub that some moment really had.
import { DatabaseSync } from 'node:sqlite'
import { type ActivityQueue, activityQueue } from './activity-queue.ts'
import { type Inbox, inbox } from './inbox.ts'
import { type Instances, instances } from './instances.ts'
import { preparing } from './sql.ts'

const schema = `
  CREATE TABLE IF NOT EXISTS instances(
    id TEXT PRIMARY KEY, execution TEXT, name TEXT, version TEXT, status TEXT, input TEXT, output TEXT, customStatus TEXT,
    createdMs INTEGER, updatedMs INTEGER);
  CREATE TABLE IF NOT EXISTS history(instance TEXT, position INTEGER, event TEXT, PRIMARY KEY(instance, position)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS messages(seq INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT, execution TEXT, dueMs INTEGER, event TEXT);
  CREATE INDEX IF NOT EXISTS messagesDue ON messages(dueMs);
  CREATE INDEX IF NOT EXISTS messagesOf ON messages(instance, dueMs);
  CREATE TABLE IF NOT EXISTS activities(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT, execution TEXT, task INTEGER, name TEXT, input TEXT);`

export interface Store {
  instances: Instances
  inbox: Inbox
  activities: ActivityQueue
  transaction<T>(work: () => T): T
  close(): void
}

export function openStore(file: string): Store {
  const database = new DatabaseSync(file)
  // NORMAL: a killed process loses nothing that was committed; only a machine that loses power does.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000')
  database.exec(schema)
  const sql = preparing(database)
  return {
    instances: instances(sql),
    inbox: inbox(sql),
    activities: activityQueue(sql),
    transaction(work) {
      database.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        database.exec('COMMIT')
        return result
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
    close: () => database.close(),
  }
}

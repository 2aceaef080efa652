import type { Sql } from './sql.ts'

/** `input` is JSON text. */
export interface QueuedActivity {
  seq: number
  instance: string
  execution: string
  task: number
  name: string
  input: string
}

/** An activity stays queued until its completion is committed; then it never runs again. */
export interface ActivityQueue {
  add(activity: Omit<QueuedActivity, 'seq'>): void
  first(count: number): QueuedActivity[]
  delete(seq: number): void
  isEmpty(): boolean
}

export function activityQueue(sql: Sql): ActivityQueue {
  return {
    add: ({ instance, execution, task, name, input }) =>
      void sql.run(
        'INSERT INTO activities(instance, execution, task, name, input) VALUES(?, ?, ?, ?, ?)',
        instance,
        execution,
        task,
        name,
        input,
      ),
    first: (count) => sql.all<QueuedActivity>('SELECT * FROM activities ORDER BY seq LIMIT ?', count),
    delete: (seq) => void sql.run('DELETE FROM activities WHERE seq = ?', seq),
    isEmpty: () => sql.get('SELECT 1 FROM activities LIMIT 1') === undefined,
  }
}

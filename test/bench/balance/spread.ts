import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { carryOut, type Result, type Task } from './runs.ts'

/**
 * Does all tasks, on so many cores; results are in the order of the tasks, whoever did them.
 * @param cores 0: in this thread
 * @param done told how many have been done
 */
export async function spread(tasks: Task[], cores: number, done: (count: number) => void): Promise<Result[]> {
  const results: Result[] = []
  let begun = 0
  let ended = 0
  const keep = (index: number, result: Result) => {
    results[index] = result
    ended += 1
    done(ended)
  }
  if (cores === 0) for (const [index, task] of tasks.entries()) keep(index, carryOut(task))
  const workers = Array.from(
    { length: Math.min(cores, tasks.length) },
    () => new Worker(new URL('./worker.ts', import.meta.url)),
  )
  await Promise.all(
    workers.map(async (worker) => {
      while (begun < tasks.length) {
        const index = begun++
        worker.postMessage(tasks[index])
        // An error of the worker rejects this wait.
        const [result]: [Result] = (await once(worker, 'message')) as [Result]
        keep(index, result)
      }
      await worker.terminate()
    }),
  )
  return results
}

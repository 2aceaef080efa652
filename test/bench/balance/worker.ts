import { parentPort } from 'node:worker_threads'
import { carryOut, type Task } from './runs.ts'

/** One core: does tasks as they come. */
parentPort?.on('message', (task: Task) => parentPort?.postMessage(carryOut(task)))

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { silentLog } from '../../../lab/host/log.ts'
import { openWorker } from '../../../lab/host/worker/worker.ts'
import { temporaryDirectory } from './open-host.ts'

const library = import.meta.resolve('@azure/functions')

/** An app of one file, in its own directory. */
function appOf(source: string) {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'package.json'), '{ "type": "module", "main": "*.mjs" }')
  writeFileSync(
    join(directory, 'app.mjs'),
    `import { app, output, input, trigger } from '${library}'\n${source}`,
  )
  return directory
}

async function workerOf(source: string, log = silentLog) {
  const worker = openWorker({ log })
  await worker.load(appOf(source))
  return worker
}

const refused: [string, string, string][] = [
  [
    'a queue trigger',
    `app.storageQueue('q', { queueName: 'q', connection: 'c', handler() {} })`,
    "'q': its trigger 'queueTrigger'",
  ],
  [
    'a blob trigger',
    `app.storageBlob('b', { path: 'p', connection: 'c', handler() {} })`,
    "'b': its trigger 'blobTrigger'",
  ],
  [
    'an entity',
    `app.generic('e', { trigger: trigger.generic({ type: 'entityTrigger' }), handler() {} })`,
    "'e': its trigger 'entityTrigger'",
  ],
  [
    'an output binding',
    `app.http('o', { extraOutputs: [output.storageQueue({ queueName: 'q', connection: 'c' })], handler() {} })`,
    "'o': its output binding",
  ],
  [
    'an input binding',
    `app.http('i', { extraInputs: [input.storageBlob({ path: 'p', connection: 'c' })], handler() {} })`,
    "'i': its input binding",
  ],
]

test.each(refused)('%s is refused at load by the name of its function', async (_, source, message) => {
  await expect(workerOf(source)).rejects.toThrow(message)
})

test('an app without functions, or without an entry, is refused', async () => {
  await expect(workerOf('')).rejects.toThrow('registers no function')
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'package.json'), '{ "main": "dist/*.js" }')
  await expect(openWorker({ log: silentLog }).load(directory)).rejects.toThrow('main is "dist/*.js"')
})

test('names are unique whatever their case, and must be names', async () => {
  await expect(
    workerOf(`app.timer('a', { schedule: '* * * * * *', handler() {} }); app.http('A', { handler() {} })`),
  ).rejects.toThrow('"A" has already been registered')
  await expect(workerOf(`app.http('1st', { handler() {} })`)).rejects.toThrow(
    "'1st' is not a valid function name",
  )
  await expect(workerOf(`app.http('host', { handler() {} })`)).rejects.toThrow(
    "'host' is not a valid function name",
  )
})

test('functions are listed by name, ignoring case', async () => {
  const worker = await workerOf(`for (const name of ['b', 'C', 'a']) app.http(name, { handler() {} })`)
  expect(worker.ofType('HTTPTRIGGER').map(({ name }) => name)).toEqual(['a', 'b', 'C'])
  expect([...worker.functions.keys()].sort()).toEqual(['a', 'b', 'c'])
})

const timer = (body: string) => `app.timer('t', { schedule: '0 0 0 * * *', handler: ${body} })`

async function invoke(source: string, log = silentLog) {
  const worker = await workerOf(source, log)
  const [fn] = worker.ofType('timerTrigger')
  if (!fn) throw new Error('no timer')
  return worker.invoke(fn, { [fn.trigger.name]: { json: '{"IsPastDue":true}' } })
}

test('the handler gets the trigger value and the context, and its value comes back typed', async () => {
  const outcome = await invoke(timer('(timer, context) => ({ timer, name: context.functionName })'))
  expect(outcome).toMatchObject({ ok: true, value: { json: '{"timer":{"isPastDue":true},"name":"t"}' } })
  expect(await invoke(timer('() => 5'))).toMatchObject({ ok: true, value: { int: 5 } })
  expect(await invoke(timer('() => undefined'))).toMatchObject({ ok: true })
})

test('whatever is thrown is a failure, never a rejection', async () => {
  expect(await invoke(timer('() => { throw new TypeError("bad") }'))).toMatchObject({
    ok: false,
    error: { name: 'TypeError', message: 'bad' },
  })
  expect(await invoke(timer('async () => { throw "text" }'))).toMatchObject({
    ok: false,
    error: { message: 'text' },
  })
})

test('hooks surround the invocation: they may change inputs, result and error', async () => {
  const source = `
    app.hook.preInvocation((context) => { context.inputs = ['changed']; context.hookData.at = 1 })
    app.hook.postInvocation((context) => { context.result = [context.result, context.hookData.at, String(context.error)]; context.error = null })
    ${timer('(value) => { throw new Error(value) }')}`
  expect(await invoke(source)).toMatchObject({ ok: true, value: { json: '[null,1,"Error: changed"]' } })
})

test('what the app logs is its own, by the name of the function, after its log hooks', async () => {
  const log = vi.fn()
  await invoke(
    `app.hook.log((entry) => { entry.message += '!' })\n${timer('(_, context) => context.warn("careful")')}`,
    log,
  )
  expect(log).toHaveBeenCalledWith('warning', 'careful!', { functionName: 't', byApp: true })
})

test('start and termination hooks run once each', async () => {
  const worker = await workerOf(`
    globalThis.ends = []
    app.hook.appStart(() => globalThis.ends.push('start'))
    app.hook.appTerminate(() => globalThis.ends.push('end'))
    ${timer('() => {}')}`)
  await worker.terminate()
  expect((globalThis as { ends?: string[] }).ends).toEqual(['start', 'end'])
})

test('running invocations are counted in and out', async () => {
  const counted: string[] = []
  const enter = () => {
    counted.push('in')
    return () => void counted.push('out')
  }
  const worker = openWorker({ log: silentLog, enter })
  await worker.load(appOf(timer('() => { throw new Error() }')))
  const [fn] = worker.ofType('timerTrigger')
  if (fn) await worker.invoke(fn, {})
  expect(counted).toEqual(['in', 'out'])
})

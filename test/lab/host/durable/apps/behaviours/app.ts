// Orchestrators that each show one behaviour. The app is written as any app of the product's users would be: it knows no lab.
import type { InvocationContext } from '@azure/functions'
import type { OrchestrationContext } from 'durable-functions'
import * as df from 'durable-functions'

df.app.activity('echo', {
  handler: (value: unknown) => ({ type: typeof value, value: value ?? null }),
})
df.app.activity('double', { handler: (n: number) => 2 * n })
df.app.activity('nothing', { handler: () => undefined })
df.app.activity('boom', {
  handler: () => {
    throw new TypeError('it always fails')
  },
})
df.app.activity('slow', { handler: () => new Promise(() => {}) })

/** Calls a method of the SDK's client and answers what it returns or rejects with. */
df.app.activity('client', {
  extraInputs: [df.input.durableClient()],
  async handler({ method, args }: { method: string; args: unknown[] }, context: InvocationContext) {
    const client = df.getClient(context) as unknown as Record<
      string,
      (...args: unknown[]) => Promise<unknown>
    >
    try {
      return { returned: await client[method]?.(...args) }
    } catch (error) {
      return { rejected: (error as Error).message }
    }
  },
})

const inSeconds = (context: OrchestrationContext, seconds: number) =>
  new Date(context.df.currentUtcDateTime.getTime() + seconds * 1000)

df.app.orchestration('callsClient', function* (context) {
  return yield context.df.callActivity('client', context.df.getInput())
})

// biome-ignore lint/correctness/useYield: it has nothing to wait for
df.app.orchestration('returnsInput', function* (context) {
  return context.df.getInput()
})

df.app.orchestration('countsDown', function* (context) {
  const { left, sum } = context.df.getInput<{ left: number; sum: number }>()
  if (sum === 0) context.df.setCustomStatus({ startedAt: left })
  const doubled: number = yield context.df.callActivity('double', left)
  if (left > 1) context.df.continueAsNew({ left: left - 1, sum: sum + doubled })
  return sum + doubled
})

// biome-ignore lint/correctness/useYield: it has nothing to wait for
df.app.orchestration('continuesWithText', function* (context) {
  const input = context.df.getInput<string>()
  if (input === 'first') context.df.continueAsNew('second')
  return input
})

df.app.orchestration('echoes', function* (context) {
  const values = context.df.getInput<unknown[]>()
  const seen: unknown[] = []
  for (const value of values) seen.push(yield context.df.callActivity('echo', value))
  seen.push(yield context.df.callActivity('echo'))
  seen.push(yield context.df.callActivity('nothing'))
  return seen
})

df.app.orchestration('catchesFailure', function* (context) {
  try {
    yield context.df.callActivity('boom')
    return 'no failure'
  } catch (error) {
    return (error as Error).message
  }
})

df.app.orchestration('fails', function* (context) {
  yield context.df.callActivity('double', 1)
  throw new Error(context.df.getInput<string>())
})

df.app.orchestration('waits', function* (context) {
  const before = context.df.currentUtcDateTime.getTime()
  yield context.df.createTimer(inSeconds(context, context.df.getInput<number>()))
  return (context.df.currentUtcDateTime.getTime() - before) / 1000
})

df.app.orchestration('leavesTimerOpen', function* (context) {
  const timer = context.df.createTimer(inSeconds(context, 3600))
  const quick = context.df.callActivity('double', 4)
  yield context.df.Task.any([timer, quick])
  if (context.df.getInput() === 'cancel') timer.cancel()
  return 'returned'
})

df.app.orchestration('stuck', function* (context) {
  return yield context.df.callActivity('slow')
})

df.app.orchestration('setsStatus', function* (context) {
  context.df.setCustomStatus('s'.repeat(context.df.getInput<number>()))
  yield context.df.callActivity('double', 1)
  return 'fine'
})

df.app.orchestration('callsNobody', function* (context) {
  return yield context.df.callActivity('nobody')
})

/** Its first execution is recorded by one version and replayed by another. */
df.app.orchestration('changes', function* (context) {
  const act = (name: string) => context.df.callActivity(name, 21)
  const version = process.env['APP_VERSION'] ?? 'recorded'
  if (version === 'timer instead') yield context.df.createTimer(inSeconds(context, 1))
  else yield act(version === 'other activity' ? 'echo' : 'double')
  if (version === 'ends earlier') return 'early'
  yield context.df.createTimer(inSeconds(context, 3600))
  return yield act('double')
})

const entity = new df.EntityId('counter', 'one')
const features: Record<string, (context: OrchestrationContext) => Generator<df.Task, unknown>> = {
  *callActivityWithRetry(context) {
    yield context.df.callActivityWithRetry('double', new df.RetryOptions(1000, 2), 1)
  },
  *callSubOrchestrator(context) {
    yield context.df.callSubOrchestrator('returnsInput')
  },
  *callSubOrchestratorWithRetry(context) {
    yield context.df.callSubOrchestratorWithRetry('returnsInput', new df.RetryOptions(1000, 2))
  },
  *waitForExternalEvent(context) {
    yield context.df.waitForExternalEvent('approval')
  },
  *callEntity(context) {
    yield context.df.callEntity(entity, 'get')
  },
  *signalEntity(context) {
    context.df.signalEntity(entity, 'add', 1)
    yield context.df.callActivity('double', 1)
  },
  *lock(context) {
    yield context.df.lock(entity)
  },
  *callHttp(context) {
    yield context.df.callHttp({ method: 'GET', url: 'http://127.0.0.1:9/' })
  },
  *nested(context) {
    const inner = context.df.Task.all([
      context.df.callActivity('slow'),
      context.df.waitForExternalEvent('approval'),
    ])
    yield context.df.Task.any([context.df.callActivity('slow'), inner])
  },
}

df.app.orchestration('usesFeature', function* (context) {
  const feature = features[context.df.getInput<string>()]
  if (feature) yield* feature(context)
  return 'used'
})

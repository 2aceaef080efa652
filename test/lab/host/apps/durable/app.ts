import { app } from '@azure/functions'
import * as df from 'durable-functions'

const ran: unknown[] = []

df.app.activity('note', {
  handler: (input: unknown) => {
    ran.push(input)
    return `noted ${JSON.stringify(input)}`
  },
})

df.app.orchestration('longWait', function* (context) {
  const before = context.df.currentUtcDateTime.getTime()
  yield context.df.createTimer(new Date(before + 45 * 60_000))
  const noted: string = yield context.df.callActivity('note', context.df.getInput())
  return { noted, passedMs: context.df.currentUtcDateTime.getTime() - before }
})

app.http('start', {
  methods: ['POST'],
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const client = df.getClient(context)
    const id = await client.startNew('longWait', { input: await request.json() })
    return { status: 202, jsonBody: { id } }
  },
})
app.http('status', {
  route: 'status/{id}',
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => ({
    jsonBody: await df.getClient(context).getStatus(request.params['id'] ?? ''),
  }),
})
app.http('ran', { handler: async () => ({ jsonBody: ran }) })

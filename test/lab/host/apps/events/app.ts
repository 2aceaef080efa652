import { app, type InvocationContext } from '@azure/functions'

const seen: { name: string; value: unknown; metadata: unknown; retry: number }[] = []
const record = (name: string) => async (value: unknown, context: InvocationContext) => {
  const retry = context.retryContext?.retryCount ?? 0
  seen.push({ name, value, metadata: context.triggerMetadata, retry })
  if (JSON.stringify(value).includes('poison')) throw new Error('poison')
  if (JSON.stringify(value).includes(process.env['HANGS_AT'] ?? 'never')) await new Promise(() => {})
}
const connection = 'Hub'

app.eventHub('alerts', {
  connection,
  eventHubName: '%ALERTS_HUB%',
  cardinality: 'many',
  retry: { strategy: 'fixedDelay', maxRetryCount: 2, delayInterval: { seconds: 30 } },
  handler: record('alerts'),
})
app.eventHub('each', { connection, eventHubName: 'alerts', cardinality: 'one', handler: record('each') })
app.eventHub('other', { connection, eventHubName: 'other', cardinality: 'many', handler: record('other') })
app.http('seen', { handler: async () => ({ jsonBody: seen }) })

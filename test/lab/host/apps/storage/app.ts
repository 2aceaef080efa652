import { TableClient } from '@azure/data-tables'
import { app } from '@azure/functions'
import { ManagedIdentityCredential } from '@azure/identity'

const { AZURE_CLIENT_ID = '', AzureWebJobsStorage__tableServiceUri: tables = '' } = process.env
const credential = new ManagedIdentityCredential({ clientId: AZURE_CLIENT_ID })
const notes = new TableClient(tables, 'notes', credential)

console.log('the app prints')

app.http('write', {
  methods: ['POST'],
  route: 'notes/{name}',
  handler: async (request) => {
    await notes.createTable()
    const rowKey = request.params['name'] ?? ''
    await notes.upsertEntity({ partitionKey: 'p', rowKey, at: new Date().toISOString() })
    return { status: 204 }
  },
})
app.http('list', {
  methods: ['GET'],
  route: 'notes',
  handler: async () => {
    const names: string[] = []
    for await (const { rowKey } of notes.listEntities()) if (rowKey) names.push(rowKey)
    return { jsonBody: names }
  },
})
app.http('settings', { handler: async () => ({ jsonBody: { ...process.env, now: Date.now() } }) })
app.http('slow', {
  handler: async () => {
    await new Promise((resolve) => setTimeout(resolve, 500))
    return { status: 204 }
  },
})

import OpenAI, { AzureOpenAI } from 'openai'
import { expect, test } from 'vitest'
import { snapshot } from '../../../lab/azure/snapshot.ts'
import { accountId, EAST, openOneAccount, privately, ROLE, V1 } from './models-lab.ts'

const WEST = 'contoso-ai-west'
const URL_WEST = `https://${WEST}.openai.azure.com/openai/v1`

/** Two accounts with the same deployment, and the official client to each. */
async function twoAccounts() {
  const lab = await openOneAccount()
  lab.putAccount(WEST, {}, 'westus')
  lab.putDeployment('gpt-4o', {}, WEST)
  lab.assign(ROLE.openAiUser, accountId(WEST))
  const apiKey = await lab.tokenFor()
  const client = (baseURL: string, target: string) =>
    new OpenAI({ baseURL, apiKey, fetch: lab.fetchBy(privately(target)), maxRetries: 0 })
  return { ...lab, east: client(V1, accountId()), west: client(URL_WEST, accountId(WEST)) }
}

test('a response is kept by the account that made it, with what it was asked, until it is deleted', async () => {
  const { east } = await twoAccounts()
  const made = await east.responses.create({ model: 'gpt-4o', input: 'Name a bird.', max_output_tokens: 8 })
  expect(made).toMatchObject({ object: 'response', model: 'gpt-4o', status: 'incomplete', store: true })
  expect(made.output_text.split(' ')).toHaveLength(8)
  const read = await east.responses.retrieve(made.id)
  expect([read.id, read.output_text]).toEqual([made.id, made.output_text])
  const { data } = await east.responses.inputItems.list(made.id)
  expect(data).toMatchObject([{ type: 'message', role: 'user', content: [{ text: 'Name a bird.' }] }])
  await east.responses.delete(made.id)
  await expect(east.responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
})

test('another account knows nothing of it: neither to read, nor to delete, nor to go on from', async () => {
  const { east, west } = await twoAccounts()
  const { id } = await east.responses.create({ model: 'gpt-4o', input: 'Name a bird.' })
  await expect(west.responses.retrieve(id)).rejects.toMatchObject({ status: 404 })
  await expect(west.responses.delete(id)).rejects.toMatchObject({ status: 404 })
  await expect(
    west.responses.create({ model: 'gpt-4o', input: 'Another.', previous_response_id: id }),
  ).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found', param: 'previous_response_id' })
  expect((await east.responses.retrieve(id)).id).toBe(id)
})

test('what came before counts as prompt', async () => {
  const { east } = await twoAccounts()
  const first = await east.responses.create({
    model: 'gpt-4o',
    input: 'x'.repeat(400),
    max_output_tokens: 20,
  })
  const second = await east.responses.create({
    model: 'gpt-4o',
    input: 'y'.repeat(40),
    previous_response_id: first.id,
  })
  expect(first.usage).toMatchObject({ input_tokens: 100, output_tokens: 20 })
  expect(second.usage?.input_tokens).toBe(100 + 20 + 10)
  expect(second.previous_response_id).toBe(first.id)
})

test('store: false keeps nothing', async () => {
  const { east } = await twoAccounts()
  const { id } = await east.responses.create({ model: 'gpt-4o', input: 'Name a bird.', store: false })
  await expect(east.responses.retrieve(id)).rejects.toMatchObject({ status: 404 })
})

test('a streamed response tells its life from created to completed, and is kept', async () => {
  const { east } = await twoAccounts()
  const stream = await east.responses.create({ model: 'gpt-4o', input: 'Name a bird.', stream: true })
  const types: string[] = []
  let text = ''
  let id = ''
  for await (const event of stream) {
    if (types.at(-1) !== event.type) types.push(event.type)
    if (event.type === 'response.output_text.delta') text += event.delta
    if (event.type === 'response.completed') id = event.response.id
  }
  expect(types).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ])
  expect((await east.responses.retrieve(id)).output_text).toBe(text)
})

test('one in the background is in progress for as long as it takes, and can be cancelled until then', async () => {
  const lab = await twoAccounts()
  const begin = () => lab.east.responses.create({ model: 'gpt-4o', input: 'Name a bird.', background: true })
  const [first, second] = [await begin(), await begin()]
  expect([first.status, first.output]).toEqual(['queued', []])
  expect((await lab.east.responses.retrieve(first.id)).status).toBe('in_progress')
  expect((await lab.east.responses.cancel(second.id)).status).toBe('cancelled')
  lab.advance(60)
  expect((await lab.east.responses.retrieve(first.id)).status).toBe('completed')
  expect((await lab.east.responses.retrieve(second.id)).status).toBe('cancelled')
  const { id } = await lab.east.responses.create({ model: 'gpt-4o', input: 'Name a bird.' })
  await expect(lab.east.responses.cancel(id)).rejects.toMatchObject({ status: 400 })
})

test('a long talk is compacted to what users said and one item for the rest', async () => {
  const { east } = await twoAccounts()
  const compacted = await east.responses.compact({
    model: 'gpt-4o',
    input: [
      { role: 'user', content: 'Name a bird.' },
      { role: 'assistant', content: 'An owl.' },
    ],
  })
  expect(compacted.object).toBe('response.compaction')
  expect(compacted.output.map(({ type }) => type)).toEqual(['message', 'compaction'])
})

test('the dated surface keeps in the same place', async () => {
  const lab = await twoAccounts()
  const client = new AzureOpenAI({
    endpoint: `https://${EAST}.openai.azure.com`,
    apiVersion: '2025-04-01-preview',
    azureADTokenProvider: () => lab.tokenFor(),
    fetch: lab.fetchBy(),
    maxRetries: 0,
  })
  const { id } = await client.responses.create({ model: 'gpt-4o', input: 'Name a bird.' })
  expect((await lab.east.responses.retrieve(id)).id).toBe(id)
})

test('after thirty days a response is gone', async () => {
  const lab = await twoAccounts()
  const { id } = await lab.east.responses.create({ model: 'gpt-4o', input: 'Name a bird.' })
  const read = async () => (await lab.call('GET', `${V1}/responses/${id}`)).status
  lab.advance(30 * 24 * 3600 - 1)
  expect(await read()).toBe(200)
  lab.advance(1)
  expect(await read()).toBe(404)
  await lab.call('POST', `${V1}/responses`, { body: { model: 'gpt-4o', input: 'x' } })
  expect([...lab.azure.world.responses.values()]).toHaveLength(1)
})

test('responses go with the purge of their account, come back with its restoration, and are in a snapshot', async () => {
  const lab = await twoAccounts()
  const { id } = await lab.east.responses.create({ model: 'gpt-4o', input: 'Name a bird.' })
  lab.store.commit()
  expect(snapshot(lab.store, lab.clock).tables['responses']?.map(([key]) => key)).toEqual([id])
  const read = async () => (await lab.call('GET', `${V1}/responses/${id}`)).status
  const deleteAccount = () => {
    lab.arm('DELETE', `${accountId()}/deployments/gpt-4o`)
    lab.arm('DELETE', accountId())
  }
  deleteAccount()
  lab.putAccount(EAST, { restore: true })
  lab.assign(ROLE.openAiUser)
  expect(await read()).toBe(200)
  deleteAccount()
  const grave = accountId().replace(
    '/resourceGroups/',
    '/providers/Microsoft.CognitiveServices/locations/eastus/resourceGroups/',
  )
  lab.arm('DELETE', grave.replace('/providers/Microsoft.CognitiveServices/accounts/', '/deletedAccounts/'))
  expect([...lab.azure.world.responses.values()]).toEqual([])
  lab.putAccount()
  lab.assign(ROLE.openAiUser)
  expect(await read()).toBe(404)
})

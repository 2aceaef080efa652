import OpenAI, { AzureOpenAI } from 'openai'
import { expect, test } from 'vitest'
import {
  accountId,
  DATED,
  EAST,
  hello,
  openModels,
  openOneAccount,
  privately,
  ROLE,
  V1,
} from './models-lab.ts'

const AZURE_VERSION = '2024-10-21'

test('the official clients chat with a deployment, on the surface v1 and on the dated one', async () => {
  const lab = await openOneAccount()
  const token = await lab.tokenFor()
  const client = new OpenAI({ baseURL: V1, apiKey: token, fetch: lab.fetchBy(), maxRetries: 0 })
  const azureClient = new AzureOpenAI({
    endpoint: `https://${EAST}.cognitiveservices.azure.com`,
    apiVersion: AZURE_VERSION,
    azureADTokenProvider: async () => token,
    fetch: lab.fetchBy(),
    maxRetries: 0,
  })
  for (const one of [client, azureClient]) {
    const { choices, usage, model } = await one.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'x'.repeat(400) }],
      max_tokens: 5,
    })
    expect(model).toBe('gpt-4o-2024-11-20')
    expect(choices[0]?.message.content?.split(' ')).toHaveLength(5)
    expect(choices[0]?.finish_reason).toBe('length')
    expect(usage).toMatchObject({ prompt_tokens: 100, completion_tokens: 5, total_tokens: 105 })
  }
})

test('the official client reads a stream to its end, with the usage when it asks for it', async () => {
  const lab = await openOneAccount()
  const client = new OpenAI({
    baseURL: V1,
    apiKey: await lab.tokenFor(),
    fetch: lab.fetchBy(),
    maxRetries: 0,
  })
  const whole = await client.chat.completions.create({ ...asked(), stream: false })
  const stream = await client.chat.completions.create({
    ...asked(),
    stream: true,
    stream_options: { include_usage: true },
  })
  let text = ''
  let finish: string | null | undefined
  let usage: object | null | undefined
  let first: object[] | undefined
  for await (const chunk of stream) {
    first ??= chunk.choices
    text += chunk.choices[0]?.delta.content ?? ''
    finish = chunk.choices[0]?.finish_reason ?? finish
    usage = chunk.usage ?? usage
  }
  expect(first).toEqual([])
  expect([text.split(' ').length, finish]).toEqual([30, 'length'])
  expect(usage).toMatchObject({ completion_tokens: 30, prompt_tokens: whole.usage?.prompt_tokens })
})

const asked = () => ({
  model: 'gpt-4o',
  max_completion_tokens: 30,
  messages: [{ role: 'user' as const, content: 'Tell me of the sea, at some length, please.' }],
})

test('a stream ends with [DONE], and its head comes before its last token would', async () => {
  const lab = await openOneAccount()
  const body = { ...hello, max_tokens: 200 }
  const headers = { 'x-lab-completion-tokens': '200' }
  const whole = await lab.call('POST', `${V1}/chat/completions`, { body, headers })
  const streamed = await lab.call('POST', `${V1}/chat/completions`, {
    body: { ...body, stream: true },
    headers,
  })
  expect(streamed.headers['content-type']).toContain('text/event-stream')
  expect(streamed.body.endsWith('data: [DONE]\n\n')).toBe(true)
  expect(whole.tookMs - streamed.tookMs).toBeGreaterThan(200 * 8)
})

test('the same request to the same deployment has the same answer, and another account has its own', async () => {
  const lab = await openOneAccount()
  const west = accountId('contoso-ai-west')
  lab.putAccount('contoso-ai-west', {}, 'westus')
  lab.putDeployment('gpt-4o', {}, 'contoso-ai-west')
  lab.assign(ROLE.openAiUser, west)
  const answered = async (url: string, target = accountId()) =>
    (await lab.call('POST', `${url}/chat/completions`, { body: hello, arrival: privately(target) })).body
      .choices[0].message.content
  const [first, second] = [await answered(V1), await answered(V1)]
  expect(first).toBe(second)
  expect(await answered('https://contoso-ai-west.openai.azure.com/openai/v1', west)).not.toBe(first)
})

test('one account answers at its three names, and tells its region, deployment and a request id', async () => {
  const lab = await openOneAccount()
  for (const suffix of ['openai.azure.com', 'cognitiveservices.azure.com', 'services.ai.azure.com']) {
    const url = `https://${EAST}.${suffix}/openai/v1/chat/completions`
    const { status, headers } = await lab.call('POST', url, { body: hello })
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'x-ms-region': 'East US',
      'x-ms-deployment-name': 'gpt-4o',
      'apim-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-ratelimit-limit-tokens': '100000',
      'x-ratelimit-limit-requests': '100',
    })
  }
})

test('an account answers from its birth to its deletion, and not while it is being made', async () => {
  const lab = await openModels({ temper: 'usual' })
  const host = `${EAST}.openai.azure.com`
  lab.putAccount()
  expect(lab.models.owns(host)).toBe(false)
  lab.advance(600)
  expect(lab.models.owns(host)).toBe(true)
  expect(lab.models.owns('contoso-ai-north.openai.azure.com')).toBe(false)
  lab.arm('DELETE', accountId())
  lab.advance(600)
  expect(lab.models.owns(host)).toBe(false)
})

test('embeddings are unit vectors by their text, in numbers or, as the official client asks for them, in bytes', async () => {
  const lab = await openOneAccount()
  const model = { format: 'OpenAI', name: 'text-embedding-3-large', version: '1' }
  lab.putDeployment('vectors', { model, sku: 'Standard' })
  const client = new OpenAI({
    baseURL: V1,
    apiKey: await lab.tokenFor(),
    fetch: lab.fetchBy(),
    maxRetries: 0,
  })
  const { data, usage } = await client.embeddings.create({
    model: 'vectors',
    input: ['sea', 'sky', 'sea'],
    dimensions: 64,
  })
  const [sea, sky, again] = data.map(({ embedding }) => Array.from(embedding))
  expect(sea).toHaveLength(64)
  expect(Math.hypot(...(sea ?? []))).toBeCloseTo(1)
  expect(sea).toEqual(again)
  expect(sea).not.toEqual(sky)
  expect(usage).toEqual({ prompt_tokens: 3, total_tokens: 3 })
  const { body } = await lab.call('POST', `${V1}/embeddings`, {
    body: { model: 'vectors', input: 'sea', dimensions: 64, encoding_format: 'float' },
  })
  expect(body.data[0].embedding[0]).toBeCloseTo(sea?.[0] ?? 0)
})

test('the models of the region are listed, and one of them is read', async () => {
  const lab = await openOneAccount()
  const client = new OpenAI({
    baseURL: V1,
    apiKey: await lab.tokenFor(),
    fetch: lab.fetchBy(),
    maxRetries: 0,
  })
  const ids = (await client.models.list()).data.map(({ id }) => id)
  expect(ids).toContain('gpt-4o-2024-11-20')
  expect(await client.models.retrieve('gpt-4o-2024-11-20')).toMatchObject({ object: 'model' })
  await expect(client.models.retrieve('gpt-9')).rejects.toMatchObject({ status: 404 })
})

const wrongly: [
  why: string,
  method: string,
  url: string,
  body: unknown,
  status: number,
  code: string | null,
][] = [
  ['the path names nothing', 'POST', `${V1}/chat/completion`, hello, 404, '404'],
  ['the method is another', 'GET', `${V1}/chat/completions`, undefined, 404, '404'],
  [
    'the dated surface has no version',
    'POST',
    `${DATED}/deployments/gpt-4o/chat/completions`,
    hello,
    404,
    '404',
  ],
  [
    'the version is no date',
    'POST',
    `${DATED}/deployments/gpt-4o/chat/completions?api-version=newest`,
    hello,
    400,
    'BadRequest',
  ],
  [
    'v1 is asked with a date',
    'POST',
    `${V1}/chat/completions?api-version=2024-10-21`,
    hello,
    400,
    'BadRequest',
  ],
  [
    'there is no such deployment',
    'POST',
    `${V1}/chat/completions`,
    { ...hello, model: 'gpt-5' },
    404,
    'DeploymentNotFound',
  ],
  [
    'the model cannot do that',
    'POST',
    `${V1}/embeddings`,
    { model: 'gpt-4o', input: 'x' },
    400,
    'OperationNotSupported',
  ],
  ['the body is no JSON', 'POST', `${V1}/chat/completions`, '{"model":', 400, null],
  [
    'no model is named',
    'POST',
    `${V1}/chat/completions`,
    { messages: hello.messages },
    400,
    'missing_required_parameter',
  ],
  [
    'there are no messages',
    'POST',
    `${V1}/chat/completions`,
    { model: 'gpt-4o' },
    400,
    'missing_required_parameter',
  ],
  ['there is no input', 'POST', `${V1}/responses`, { model: 'gpt-4o' }, 400, 'missing_required_parameter'],
  ['n is more than 128', 'POST', `${V1}/chat/completions`, { ...hello, n: 129 }, 400, 'invalid_value'],
  ['max_tokens is none', 'POST', `${V1}/chat/completions`, { ...hello, max_tokens: 0 }, 400, 'invalid_value'],
]

test.each(wrongly)('refused when %s', async (_why, method, url, body, status, code) => {
  const lab = await openOneAccount()
  const answer = await lab.call(method, url, body === undefined ? {} : { body })
  expect([answer.status, answer.body.error.code]).toEqual([status, code])
})

test('v1 takes `preview` for a version', async () => {
  const lab = await openOneAccount()
  expect((await lab.call('POST', `${V1}/chat/completions?api-version=preview`, { body: hello })).status).toBe(
    200,
  )
})

test('a deployment answers while its capacity is changed, and neither before it is made nor after it is gone', async () => {
  const lab = await openModels({ temper: 'usual' })
  lab.putAccount()
  lab.advance(600)
  lab.assign(ROLE.openAiUser)
  lab.advance(600)
  const status = async () => (await lab.call('POST', `${V1}/chat/completions`, { body: hello })).status
  const deployment = `${accountId()}/deployments/gpt-4o`
  lab.putDeployment('gpt-4o')
  expect(await status()).toBe(404)
  lab.advance(120)
  expect(await status()).toBe(200)
  expect(
    lab.arm('PATCH', deployment, { sku: { name: 'GlobalStandard', capacity: 50 } }).body.properties
      .provisioningState,
  ).toBe('Accepted')
  expect(await status()).toBe(200)
  lab.advance(120)
  lab.arm('DELETE', deployment)
  lab.advance(120)
  expect(await status()).toBe(404)
})

test('what happened is told by minute, deployment, operation and status, and only what was served has tokens', async () => {
  const lab = await openOneAccount()
  lab.putDeployment('small', { capacity: 1 })
  const from = lab.clock.now()
  const body = { ...hello, max_tokens: 900 }
  for (const model of ['gpt-4o', 'small', 'small'])
    await lab.call('POST', `${V1}/chat/completions`, {
      body: { ...body, model },
      headers: { 'x-lab-completion-tokens': '10' },
    })
  await lab.call('POST', `${V1}/chat/completions`, { body, token: null })
  const rows = lab.models.tally.rows(from - 60_000, from + 60_000)
  const told = rows.map(({ deployment, status, requests, generatedTokens }) => [
    deployment,
    status,
    requests,
    generatedTokens,
  ])
  expect(told).toEqual([
    ['gpt-4o', 200, 1, 10],
    ['small', 200, 1, 10],
    ['small', 429, 1, 0],
    ['', 401, 1, 0],
  ])
  expect(rows[0]).toMatchObject({
    accountId: accountId(),
    operation: 'ChatCompletions_Create',
    modelName: 'gpt-4o',
    streamed: false,
  })
})

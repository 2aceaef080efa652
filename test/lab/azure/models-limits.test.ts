import { expect, test } from 'vitest'
import { accountId, EAST, hello, type ModelsLab, openModels, openOneAccount, ROLE, V1 } from './models-lab.ts'

const chat = (lab: ModelsLab, model: string, maxTokens?: number, headers: Record<string, string> = {}) =>
  lab.call('POST', `${V1}/chat/completions`, {
    body: { ...hello, model, ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }) },
    headers,
  })
/** Of `hello`, by four characters. */
const PROMPT = 6

/** Goes on to the beginning of the deployment's next minute. */
async function toNextMinute(lab: ModelsLab, model: string) {
  const { headers } = await chat(lab, model, 1)
  lab.advance(Number(headers['x-ratelimit-reset-tokens']))
}

test('tokens are counted by prompt and max_tokens until the minute is over, and the refusal says when that is', async () => {
  const lab = await openOneAccount()
  lab.putDeployment('small', { capacity: 3 })
  await toNextMinute(lab, 'small')
  const statuses = []
  for (let turn = 0; turn < 4; turn++) {
    lab.advance(11)
    statuses.push((await chat(lab, 'small', 1000 - PROMPT)).status)
  }
  expect(statuses).toEqual([200, 200, 200, 429])
  const { body, headers } = await chat(lab, 'small', 1)
  expect(body.error).toEqual({
    code: '429',
    message: expect.stringMatching(
      /^Requests to the ChatCompletions_Create Operation under Azure OpenAI API version v1 have exceeded token rate limit of your current AIServices S0 pricing tier\. Please retry after \d+ seconds\./,
    ),
  })
  expect(headers).toMatchObject({ 'x-ratelimit-limit-tokens': '3000', 'x-ratelimit-remaining-tokens': '0' })
  const seconds = Number(headers['retry-after'])
  expect(Number(headers['retry-after-ms'])).toBeGreaterThan((seconds - 1) * 1000)
  expect(Number(headers['retry-after-ms'])).toBeLessThanOrEqual(seconds * 1000)
  lab.advance(seconds)
  expect((await chat(lab, 'small', 1)).status).toBe(200)
})

test('what max_tokens asks beyond the budget is refused, although little was used, and counts all the same', async () => {
  const lab = await openOneAccount()
  lab.putDeployment('small', { capacity: 3 })
  await toNextMinute(lab, 'small')
  lab.advance(1)
  expect((await chat(lab, 'small', 4000)).status).toBe(429)
  lab.advance(11)
  expect((await chat(lab, 'small', 10)).status).toBe(429)
})

test('who names no max_tokens is taken for one who asks for a thousand', async () => {
  const lab = await openOneAccount()
  const { headers } = await chat(lab, 'gpt-4o')
  expect(headers['x-ratelimit-remaining-tokens']).toBe(String(100_000 - 1000 - PROMPT))
})

test('each copy of an answer counts', async () => {
  const lab = await openOneAccount()
  const { body, headers } = await lab.call('POST', `${V1}/chat/completions`, {
    body: { ...hello, n: 3, max_tokens: 100 },
  })
  expect(headers['x-ratelimit-remaining-tokens']).toBe(String(100_000 - 300 - PROMPT))
  expect(body.choices).toHaveLength(3)
})

test('requests are counted by ten seconds: a burst is refused far below the quota of the minute', async () => {
  const lab = await openOneAccount()
  lab.putDeployment('small', { capacity: 10 })
  await toNextMinute(lab, 'small')
  const burst = async () => {
    const statuses = []
    for (let turn = 0; turn < 12; turn++) statuses.push((await chat(lab, 'small', 1)).status)
    return statuses.filter((status) => status === 200).length
  }
  // 10 units are 60 requests a minute, so 10 in ten seconds.
  expect(await burst()).toBe(10)
  const { body, headers } = await chat(lab, 'small', 1)
  expect(body.error.message).toContain('exceeded call rate limit')
  expect(headers['x-ratelimit-limit-requests']).toBe('10')
  lab.advance(Number(headers['retry-after']))
  expect(await burst()).toBe(10)
})

test('a reasoning model has a sixth of the requests, counted by the minute where ten seconds are too short', async () => {
  const lab = await openOneAccount()
  const model = { format: 'OpenAI', name: 'o4-mini', version: '2025-04-16' }
  lab.putDeployment('thinking', { capacity: 2, model })
  await toNextMinute(lab, 'thinking')
  const statuses = []
  for (let turn = 0; turn < 3; turn++) statuses.push((await chat(lab, 'thinking', 1)).status)
  expect(statuses).toEqual([200, 200, 429])
})

test('a region in trouble lowers what a deployment can take, and says so', async () => {
  let share = 1
  const lab = await openOneAccount({ capacityShare: () => share })
  expect((await chat(lab, 'gpt-4o', 1)).headers['x-ratelimit-limit-tokens']).toBe('100000')
  share = 0.3
  const { headers } = await chat(lab, 'gpt-4o', 1)
  expect([headers['x-ratelimit-limit-tokens'], headers['x-ratelimit-limit-requests']]).toEqual([
    '30000',
    '30',
  ])
  expect((await chat(lab, 'gpt-4o', 31_000)).status).toBe(429)
})

test('a change of capacity is felt within a quarter of an hour after it was made', async () => {
  const lab = await openModels({ temper: 'usual' })
  lab.putAccount()
  lab.advance(600)
  lab.putDeployment('gpt-4o')
  lab.assign(ROLE.openAiUser)
  lab.advance(600)
  const limit = async () => (await chat(lab, 'gpt-4o', 1)).headers['x-ratelimit-limit-tokens']
  expect(await limit()).toBe('100000')
  lab.arm('PATCH', `${accountId()}/deployments/gpt-4o`, { sku: { name: 'GlobalStandard', capacity: 40 } })
  lab.advance(31)
  const shown = lab.arm('GET', `${accountId()}/deployments/gpt-4o`).body
  expect([shown.sku.capacity, shown.properties.provisioningState]).toEqual([40, 'Succeeded'])
  expect(await limit()).toBe('100000')
  lab.advance(15 * 60)
  expect(await limit()).toBe('40000')
})

test('a provisioned deployment takes more than its fill for a moment, then refuses at once until it has leaked', async () => {
  const lab = await openOneAccount()
  lab.putDeployment('fast', { sku: 'GlobalProvisionedManaged', capacity: 15 })
  // 15 units of gpt-4o: 37,500 tokens of input a minute, a generated one weighs four.
  const loads = { 'x-lab-completion-tokens': '2500' }
  const statuses = []
  for (let turn = 0; turn < 5; turn++) statuses.push((await chat(lab, 'fast', 2500, loads)).status)
  expect(statuses).toEqual([200, 200, 200, 200, 429])
  expect(lab.models.utilisationOf(`${accountId()}/deployments/fast`)).toBeCloseTo((100 * 40_024) / 37_500)
  const { headers } = await chat(lab, 'fast', 2500, loads)
  const waitMs = ((40_024 - 37_500) * 60_000) / 37_500
  expect(Number(headers['retry-after-ms'])).toBeCloseTo(waitMs, -1)
  expect(headers['retry-after']).toBe(String(Math.ceil(waitMs / 1000)))
  lab.advance(Number(headers['retry-after']))
  expect((await chat(lab, 'fast', 2500, loads)).status).toBe(200)
})

test('cached input costs a provisioned deployment nothing', async () => {
  const lab = await openOneAccount()
  lab.putDeployment('fast', { sku: 'GlobalProvisionedManaged', capacity: 15 })
  const content = 'x'.repeat(40_000)
  const { body } = await lab.call('POST', `${V1}/chat/completions`, {
    body: { model: 'fast', messages: [{ role: 'user', content }] },
    headers: { 'x-lab-cached-tokens': '9000', 'x-lab-completion-tokens': '1' },
  })
  expect(body.usage.prompt_tokens_details.cached_tokens).toBe(9000)
  expect(lab.models.utilisationOf(`${accountId()}/deployments/fast`)).toBeCloseTo((100 * 1004) / 37_500)
})

test.each([
  ['its property', { spilloverDeploymentName: 'gpt-4o' }, {}],
  ['a header', {}, { 'x-ms-spillover-deployment': 'gpt-4o' }],
])(
  'what a provisioned deployment refuses spills over by %s',
  async (_by, property, header: Record<string, string>) => {
    const lab = await openOneAccount()
    lab.putDeployment('fast', { sku: 'GlobalProvisionedManaged', capacity: 15, ...property })
    const loads = { 'x-lab-completion-tokens': '10000', ...header }
    const first = await chat(lab, 'fast', 10_000, loads)
    expect(first.headers['x-ms-deployment-name']).toBe('fast')
    const second = await chat(lab, 'fast', 10_000, loads)
    expect(second.status).toBe(200)
    expect(second.headers).toMatchObject({
      'x-ms-deployment-name': 'gpt-4o',
      'x-ms-spillover-from-deployment': 'fast',
      'x-ms-spillover-error': '429',
    })
    const third = await chat(lab, 'fast', 100_000, loads)
    expect([third.status, third.headers['x-ms-spillover-from-deployment']]).toEqual([429, 'fast'])
    const rows = lab.models.tally.rows(0, Number.POSITIVE_INFINITY)
    expect(
      rows.map(({ deployment, status, spillover, requests }) => [deployment, status, spillover, requests]),
    ).toEqual([
      ['fast', 200, false, 1],
      ['fast', 429, false, 2],
      ['gpt-4o', 200, true, 1],
      ['gpt-4o', 429, true, 1],
    ])
  },
)

test('without a spillover, or to a deployment that is none, the refusal stands', async () => {
  const lab = await openOneAccount()
  lab.putDeployment('fast', { sku: 'GlobalProvisionedManaged', capacity: 15 })
  const loads = { 'x-lab-completion-tokens': '10000' }
  await chat(lab, 'fast', 10_000, loads)
  expect((await chat(lab, 'fast', 10_000, loads)).status).toBe(429)
  expect((await chat(lab, 'fast', 10_000, { ...loads, 'x-ms-spillover-deployment': 'none' })).status).toBe(
    429,
  )
})

/**
 * Two accounts, 100,000 and 30,000 tokens a minute; every minute 100 requests of 1,000 tokens in ten bursts. How many are refused is worked
 * out from the counters' rule alone: in each of a deployment's own minutes, all above its quota.
 */
const MINUTES = 12
const BURST_SECONDS = 6
const PER_BURST = 10
const TOKENS = 1000

async function played(shareOfLarge: number) {
  const lab = await openModels()
  const sides = [
    { name: EAST, location: 'eastus', capacity: 100 },
    { name: 'contoso-ai-west', location: 'westus', capacity: 30 },
  ].map((side) => ({ ...side, url: `https://${side.name}.openai.azure.com/openai/v1` }))
  for (const { name, location, capacity } of sides) {
    lab.putAccount(name, { publicNetworkAccess: 'Enabled' }, location)
    lab.putDeployment('gpt-4o', { capacity }, name)
    lab.assign(ROLE.openAiUser, accountId(name))
  }
  const ask = async (url: string, tokens: number) => {
    const body = { ...hello, max_tokens: tokens - PROMPT }
    return lab.call('POST', `${url}/chat/completions`, { body, arrival: { by: 'internet' } })
  }
  // Where each deployment's minute begins is read from its own headers, once.
  const phases = []
  for (const { url } of sides) {
    const { headers } = await ask(url, PROMPT + 1)
    phases.push(lab.clock.now() / 1000 + Number(headers['x-ratelimit-reset-tokens']))
  }
  lab.advance(120)
  const spent = sides.map(() => new Map<number, number>())
  let expected = 0
  let refused = 0
  let carry = 0
  for (let burst = 0; burst < (MINUTES * 60) / BURST_SECONDS; burst++) {
    for (let turn = 0; turn < PER_BURST; turn++) {
      carry += shareOfLarge
      const at = carry >= 1 - 1e-9 ? 0 : 1
      if (at === 0) carry -= 1
      const [side, budget] = [sides[at], spent[at]]
      if (!side || !budget) throw new Error('two sides')
      const minute = Math.floor((lab.clock.now() / 1000 - (phases[at] ?? 0)) / 60)
      const sum = (budget.get(minute) ?? 0) + TOKENS
      budget.set(minute, sum)
      if (sum > side.capacity * 1000) expected += 1
      if ((await ask(side.url, TOKENS)).status === 429) refused += 1
    }
    lab.advance(BURST_SECONDS)
  }
  return { refused, expected, asked: (MINUTES * 60 * PER_BURST) / BURST_SECONDS }
}

test('half and half over 100k and 30k, refusals come where arithmetic says; by quota they all but vanish', async () => {
  const half = await played(0.5)
  expect(half.refused).toBe(half.expected)
  // Of 50 requests a minute at the small one 20 are too many.
  expect(half.refused / half.asked).toBeGreaterThan(0.17)
  expect(half.refused / half.asked).toBeLessThan(0.23)
  const byQuota = await played(100 / 130)
  expect(byQuota.refused).toBe(byQuota.expected)
  expect(byQuota.refused / byQuota.asked).toBeLessThan(0.01)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openOneAccount, PROJECTS_AUDIENCE, ROLE } from './models-lab.ts'

const HOSTS = ['openai.azure.com', 'services.ai.azure.com'].map((suffix) => `contoso-ai-east.${suffix}`)
const segments = fc.constantFrom(
  ...['openai', 'v1', 'deployments', 'gpt-4o', 'chat', 'completions', 'embeddings', 'responses', 'compact'],
  ...['cancel', 'input_items', 'models', 'api', 'projects', 'agents', 'versions', 'conversations', 'items'],
  ...['connections', 'endpoint', 'protocols', '%', '%41', '..', '', '1', 'parrot', 'resp_1'],
)
const known = fc.constantFrom(
  '/openai/v1/chat/completions',
  '/openai/v1/embeddings',
  '/openai/v1/responses',
  '/openai/v1/responses/compact',
  '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
  '/api/projects/agents/agents?api-version=v1',
  '/api/projects/agents/agents/parrot/versions?api-version=v1',
  '/api/projects/agents/openai/v1/responses',
  '/api/projects/agents/openai/v1/conversations',
)
const path = fc.oneof(
  known,
  fc.array(segments, { maxLength: 8 }).map((parts) => `/${parts.join('/')}?api-version=v1`),
)
const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    'gpt-4o',
    true,
    1,
    [{ role: 'user', content: 'x' }],
    [null],
    [{ role: 'user', content: [null] }],
  ),
  fc.constant({ kind: 'prompt', model: 'gpt-4o' }),
  fc.constant({ name: 'parrot', type: 'agent_reference' }),
)
const name = fc.constantFrom(
  ...['model', 'messages', 'input', 'stream', 'n', 'max_tokens', 'max_output_tokens', 'store', 'background'],
  ...['previous_response_id', 'conversation', 'agent_reference', 'definition', 'name', 'items', 'metadata'],
)
const body = fc.oneof(
  fc.dictionary(name, value, { maxKeys: 6 }).map((given) => JSON.stringify(given)),
  fc
    .dictionary(name, value, { maxKeys: 4 })
    .map((given) =>
      JSON.stringify({ model: 'gpt-4o', input: 'x', messages: [{ role: 'user', content: 'x' }], ...given }),
    ),
  fc.string(),
)
const method = fc.constantFrom('GET', 'POST', 'POST', 'POST', 'DELETE', 'PUT')

test('whatever is sent is answered with JSON or a stream, and never by an accident', async () => {
  const lab = await openOneAccount()
  lab.putDeployment('gpt-4o', { capacity: 450 })
  lab.putProject()
  lab.assign(ROLE.foundryUser)
  const tokens = [await lab.tokenFor(), await lab.tokenFor(PROJECTS_AUDIENCE)]
  const seen = new Set<number>()
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...HOSTS), method, path, body, async (host, asked, where, sent) => {
      lab.advance(7)
      const token = tokens[where.startsWith('/api/') ? 1 : 0] ?? null
      const answer = await lab.call(asked, `https://${host}${where}`, { body: sent, token })
      seen.add(answer.status)
      expect([200, 400, 404, 424, 429]).toContain(answer.status)
      if (answer.status !== 200) expect(answer.body.error).toMatchObject({ message: expect.any(String) })
    }),
    { numRuns: 1500 },
  )
  expect(seen).toContain(200)
})

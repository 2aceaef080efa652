import { describe, expect, test } from 'vitest'
import { apiBody, operationBody, policyBody, tokenPath } from '../../src/gateway/api.ts'
import { eventHubLogger } from '../../src/gateway/logger.ts'
import { type Operation, operations } from '../../src/gateway/operations.ts'
import { productBody, subscriptionBody } from '../../src/gateway/product.ts'

/** As API Management matches: one segment per parameter. */
const matches = (operation: Operation, method: string, path: string) =>
  operation.method === method &&
  new RegExp(`^${operation.urlTemplate.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path)
const found = (method: string, path: string) =>
  operations.filter((it) => matches(it, method, path)).map((it) => it.id)

describe('every call of the SDKs that we claim has its operation', () => {
  const cases: [sdk: string, method: string, path: string, id: string][] = [
    ['OpenAI chat.completions.create', 'POST', '/v1/chat/completions', 'chat-completions-v1'],
    ['OpenAI embeddings.create', 'POST', '/v1/embeddings', 'embeddings-v1'],
    ['OpenAI responses.create', 'POST', '/v1/responses', 'responses-create-v1'],
    ['OpenAI responses.retrieve', 'GET', '/v1/responses/resp_1', 'responses-get-v1'],
    ['OpenAI responses.delete', 'DELETE', '/v1/responses/resp_1', 'responses-delete-v1'],
    ['OpenAI responses.cancel', 'POST', '/v1/responses/resp_1/cancel', 'responses-cancel-v1'],
    [
      'OpenAI responses.inputItems.list',
      'GET',
      '/v1/responses/resp_1/input_items',
      'responses-input-items-v1',
    ],
    ['OpenAI responses.compact', 'POST', '/v1/responses/compact', 'responses-compact-v1'],
    ['OpenAI models.list', 'GET', '/v1/models', 'models-list-v1'],
    ['OpenAI models.retrieve', 'GET', '/v1/models/gpt-4o', 'models-get-v1'],
    [
      'AzureOpenAI chat.completions.create',
      'POST',
      '/deployments/gpt-4o/chat/completions',
      'chat-completions-dated',
    ],
    ['AzureOpenAI completions.create', 'POST', '/deployments/gpt-35/completions', 'completions-dated'],
    ['AzureOpenAI embeddings.create', 'POST', '/deployments/ada/embeddings', 'embeddings-dated'],
    ['AzureOpenAI responses.create', 'POST', '/responses', 'responses-create-dated'],
    // The lab's seed mapped POST /* only: creating worked, reading what was created was a 404 that no model had given.
    ['AzureOpenAI responses.retrieve', 'GET', '/responses/resp_1', 'responses-get-dated'],
    ['AzureOpenAI responses.delete', 'DELETE', '/responses/resp_1', 'responses-delete-dated'],
    ['AzureOpenAI responses.cancel', 'POST', '/responses/resp_1/cancel', 'responses-cancel-dated'],
    [
      'AzureOpenAI responses.inputItems.list',
      'GET',
      '/responses/resp_1/input_items',
      'responses-input-items-dated',
    ],
    ['AzureOpenAI models.list', 'GET', '/models', 'models-list-dated'],
    ['AzureOpenAI models.retrieve', 'GET', '/models/gpt-4o', 'models-get-dated'],
  ]
  test.each(cases)('%s', (_sdk, method, path, id) => {
    expect(found(method, path)).toEqual([id])
  })
  test('and there is no operation beyond them', () => {
    expect(operations.map((it) => it.id).toSorted()).toEqual(cases.map(([, , , id]) => id).toSorted())
  })
  test.each([
    ['GET', '/v1/files'],
    ['POST', '/v1/models'],
    ['DELETE', '/v1/chat/completions'],
  ])('%s %s is nobody’s', (method, path) => {
    expect(found(method, path)).toEqual([])
  })
})

describe('bodies', () => {
  test('an operation names every parameter of its template', () => {
    for (const operation of operations) {
      const { templateParameters, urlTemplate } = operationBody(operation)['properties'] as {
        templateParameters: { name: string }[]
        urlTemplate: string
      }
      expect(templateParameters.map(({ name }) => `{${name}}`)).toEqual(urlTemplate.match(/\{[^}]+\}/g) ?? [])
      expect(operation.id).toMatch(/^[a-z0-9-]{1,80}$/)
    }
  })
  test('an API has no address of its own: without its policy it reaches nothing', () => {
    expect(
      JSON.stringify(apiBody({ displayName: 'x', path: 'openai', subscriptionRequired: true })),
    ).not.toContain('serviceUrl')
  })
  test('the probe’s path ends as SDKs expect it', () => {
    expect(tokenPath('probe', 'openai')).toBe('probe/openai')
  })
  test('a policy travels escaped', () => {
    expect(policyBody('<policies/>')).toEqual({ properties: { format: 'xml', value: '<policies/>' } })
  })
  test('a logger signs in by identity, and its address has no scheme', () => {
    expect(eventHubLogger({ namespace: 'contoso', hub: 'usage' })).toMatchObject({
      properties: {
        credentials: {
          name: 'usage',
          endpointAddress: 'contoso.servicebus.windows.net',
          identityClientId: 'SystemAssigned',
        },
      },
    })
  })
  test('no key is named in a product or a subscription', () => {
    expect(JSON.stringify([productBody('p'), subscriptionBody('s', '/products/p')])).not.toMatch(/key/i)
    expect(subscriptionBody('s', '/products/p')).toMatchObject({ properties: { state: 'active' } })
  })
})

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { eventsSince } from '../../../lab/azure/event-hubs.ts'
import { agents, documents, probe } from '../../gateway/specs.ts'
import {
  answer,
  EAST,
  KEY,
  letSend,
  NOW,
  openRuntime,
  openWith,
  policy,
  pool,
  putApi,
  putLogger,
  single,
  WEST,
} from './gateway-lab.ts'
import { openAzure } from './open.ts'

/** What the gateway logs, and the documents of the builder as they are. */

describe('log-to-eventhub', () => {
  const logging = policy(
    '<log-to-eventhub logger-id="openai-usage-logger">@(new JObject(new JProperty("api", context.Api.Id)).ToString())</log-to-eventhub>',
  )

  test('writes to the hub of its logger, once the service may send there', async () => {
    const lab = await openWith(logging)
    putLogger(lab)
    letSend(lab, NOW + 60_000)
    await lab.asks()
    expect([lab.events(), lab.gateway.droppedEvents()]).toEqual([[], { 'gateway-log': 1 }])
    lab.advance(60)
    await lab.asks()
    expect(lab.events()).toEqual([{ api: 'openai' }])
    expect([...lab.azure.world.events.values()]).toMatchObject([
      { hub: 'gateway-log', number: 1, at: '2026-03-01T12:01:00.000Z' },
    ])
  })

  test.each([
    ['no role', (lab: Awaited<ReturnType<typeof openWith>>) => putLogger(lab), 'gateway-log'],
    ['no logger', letSend, 'openai-usage-logger'],
    [
      'no hub',
      (lab: Awaited<ReturnType<typeof openWith>>) => putLogger(lab, { name: 'nowhere' }),
      'openai-usage-logger',
    ],
    [
      'a hub that is switched off',
      (lab: Awaited<ReturnType<typeof openWith>>) => {
        putLogger(lab)
        letSend(lab)
        const hub = lab.azure.find(
          `${lab.group}/providers/Microsoft.EventHub/namespaces/evhns-ops/eventhubs/gateway-log`,
        )
        if (hub) lab.azure.keep({ ...hub, properties: { ...hub.properties, status: 'SendDisabled' } })
      },
      'gateway-log',
    ],
  ])('with %s drops the event, counts it, and fails nothing', async (_lack, prepare, name) => {
    const lab = await openWith(logging)
    prepare(lab)
    expect((await lab.asks()).status).toBe(200)
    expect(lab.gateway.droppedEvents()).toEqual({ [name]: 1 })
  })
})

test('the events of a hub can be read over the lab’s own door, those after a number', async () => {
  const lab = await openAzure({ temper: 'fast' })
  expect(await lab.lab('GET', 'eventhubs/gateway-log?since=0')).toEqual([])
})

test('events are numbered, and the newest ten thousand of a hub are kept', async () => {
  const lab = await openWith(
    policy(
      '<log-to-eventhub logger-id="openai-usage-logger">@("\\"" + context.RequestId.ToString() + "\\"")</log-to-eventhub>',
    ),
  )
  putLogger(lab)
  letSend(lab)
  for (let each = 0; each < 10_003; each++) await lab.call()
  expect(lab.azure.world.events.size).toBe(10_000)
  expect(eventsSince('Gateway-Log', 10_001, lab.azure).map(({ number }) => number)).toEqual([10_002, 10_003])
})

describe('the golden documents run as they are', () => {
  test.each(Object.keys(documents))('%s', async (name) => {
    const golden = readFileSync(new URL(`../../gateway/golden/${name}.xml`, import.meta.url), 'utf8')
    const lab = await openRuntime({ switches: { units: 1 } })
    lab.put('backends/east', single(EAST))
    lab.put('backends/west', single(WEST))
    for (const [id, member] of Object.entries({
      'gpt-4o': 'east',
      'gpt-4o-responses': 'west',
      'text-embedding-3-large': 'west',
    }))
      lab.put(`backends/${id}`, pool([member, 1, 100]))
    for (const host of [EAST, WEST]) lab.backend(host, () => answer(200, { 'x-ms-region': 'East US' }))
    putLogger(lab)
    letSend(lab)
    // The golden probe is of another tenant than the lab's.
    putApi(lab, golden.replaceAll('11111111-1111-1111-1111-111111111111', lab.azure.tenantId))
    const { token } = await lab.tokens.issue({
      audience: probe.audience,
      objectId: 'x',
      appId: probe.clientId,
      identityOf: agents.projects[0] ?? '',
    })
    const headers = { 'api-key': KEY, authorization: `Bearer ${token}` }
    const ask = (path: string, body = '{"model":"gpt-4o"}') => lab.asks({ path, headers, body })
    const first = await ask('/openai/v1/chat/completions?api-key=secret')
    expect(first).toMatchObject({
      status: 200,
      headers: { 'x-backend-retry': '0', 'x-backend-region': 'East US' },
    })
    await ask('/openai/v1/responses')
    await ask('/openai/deployments/text-embedding-3-large/chat/completions')
    await ask('/openai/v1/chat/completions', '{"model": "text-embedding-3-large"}')
    await ask('/openai/v1/chat/completions', 'no json')
    const isRouted = name === 'simple-routed'
    expect(lab.hostsAsked()).toEqual(isRouted ? [EAST, WEST, WEST, WEST, EAST] : Array(5).fill(EAST))
    for (const { headers: sent, path } of lab.asked) {
      expect(sent['api-key']).toBeUndefined()
      expect(path).not.toContain('secret')
      expect((await lab.claims(sent['authorization']))?.aud).toBe('https://cognitiveservices.azure.com')
    }
    const isFull = name.startsWith('full')
    expect(lab.events()).toHaveLength(isFull ? 5 : 0)
    if (!isFull) return
    expect(first.headers['x-apim-request-id']).toBe(lab.asked[0]?.headers['x-apim-request-id'])
    expect(lab.events()[0]).toMatchObject({
      requestId: first.headers['x-apim-request-id'],
      api: 'openai',
      operation: 'chat',
      caller: name.endsWith('probe') ? 'probe' : 'caller',
      try: 1,
      status: 200,
      host: EAST,
      region: 'East US',
    })
  })
})

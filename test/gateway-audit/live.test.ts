import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from '../../src/environment/parse.ts'
import type { Document } from '../../src/environment/schema.ts'
import type { Finding } from '../../src/gateway-audit/finding.ts'
import { auditGateway } from '../../src/operations/audit.ts'
import { everything, type Here, openHere } from '../histories/world.ts'
import { lines } from './gateway.ts'

/** What the service deploys, provisioned by itself in a simulated Azure and read back: no fault of it, and strangers' faults in it. */

function documentOf(example: string, ...[from, to = '']: string[]): Document {
  const text = readFileSync(`examples/${example}.yaml`, 'utf8')
  const changed = from === undefined ? text : text.replace(from, to)
  if (from !== undefined && changed === text) throw new Error(`${example} has no ${from}`)
  const parsed = parse(changed, 'contoso')
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.document
}
const limits = 'tokenLimit: { tokensPerMinute: 50000 }'

let here: Here
beforeAll(async () => {
  here = await openHere({ temper: 'fast', surroundings: everything })
})
afterAll(() => here.close())

/** Nobody has measured anything; what measurements add is told in figures.test.ts. */
const gauges = { metrics: { minutes: async () => new Map() }, gatewayLogs: undefined }
const audited = (document: Document) =>
  auditGateway({ arm: here.arm, surroundings: everything, ...gauges }, document, Date.now())
const serious = (findings: Finding[]) => lines(findings).filter((it) => !it.startsWith('note'))

const examples: Record<string, [document: Document, notes: string[]]> = {
  'small, which has no pool': [documentOf('small'), []],
  'contoso, simple': [documentOf('contoso'), ['note: tier-for-trying, service contoso-apim']],
  'contoso, full': [
    documentOf(
      'contoso',
      'logTo: none',
      `logTo: eventHub, ${limits}, rateLimit: { calls: 100, windowSeconds: 60 }`,
    ),
    ['note: tier-for-trying, service contoso-apim'],
  ],
  'two-regions, simple': [
    documentOf('two-regions', `, ${limits}`),
    ['note: needs-no-weights, pool gpt-4o-responses'],
  ],
  'two-regions, full': [documentOf('two-regions'), ['note: needs-no-weights, pool gpt-4o-responses']],
}

describe('an environment as the service makes it has nothing that costs calls or may', () => {
  test.each(Object.entries(examples))('%s', async (_name, [document, notes]) => {
    await here.reset(document)
    const { findings, unread } = await audited(document)
    expect(unread).toEqual([])
    expect(lines(findings)).toEqual(notes)
    expect(
      (await here.preview(document)).notes.filter(({ about }) => /^(?:policy|pool|backend) /.test(about)),
    ).toEqual([])
  })
})

describe('what a stranger does', () => {
  const document = documentOf('contoso')
  const service =
    '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-contoso-ai/providers/Microsoft.ApiManagement/service/contoso-apim'
  const backend = `${service}/backends/contoso-eus--gpt-4o`
  const at = (id: string, version = '2024-10-01-preview') => `${id}?api-version=${version}`
  const bodyOf = async (id: string) => {
    const found = (await here.resources()).find((it) => it.id.toLowerCase() === id.toLowerCase())
    if (!found) throw new Error(`no ${id}`)
    return found
  }
  const breakerOf = async (change: object) => {
    const { properties = {} } = await bodyOf(backend)
    const { rules } = properties['circuitBreaker'] as { rules: object[] }
    return here.stranger('PUT', at(backend), {
      properties: { ...properties, circuitBreaker: { rules: rules.map((it) => ({ ...it, ...change })) } },
    })
  }

  test('to a breaker is found by the audit and told by the plan, which takes no call more for it; the audit only reads', async () => {
    await here.reset(document)
    const asked = async () => {
      const since = (await here.journal()).at(-1)?.seq ?? 0
      const { notes } = await here.preview(document)
      return { notes, calls: (await here.journal(since)).length }
    }
    const before = await asked()
    const since = (await here.journal()).at(-1)?.seq ?? 0
    await audited(document)
    const made = await here.journal(since)
    expect(made.filter(({ method, plane }) => plane === 'arm' && method !== 'GET')).toEqual([])
    expect(await breakerOf({ acceptRetryAfter: false, tripDuration: 'PT1M' })).toBe(200)
    const { findings } = await audited(document)
    expect(serious(findings)).toEqual([
      'costs calls: breaker-ignores-retry-after, backend contoso-eus--gpt-4o',
    ])
    const after = await asked()
    expect(after.calls).toBe(before.calls)
    expect(after.notes.length).toBe(before.notes.length + 1)
    expect(after.notes.at(-1)).toMatchObject({ about: 'backend contoso-eus--gpt-4o' })
    expect(after.notes.at(-1)?.message).toContain('26 to 31 %')
  })

  test('to the policy of one operation is found there', async () => {
    await here.reset(document)
    const policy = (await here.resources()).find((it) => it.id.endsWith('/apis/models/policies/policy'))
    const value = String(policy?.properties?.['value']).replace(/ buffer-request-body="true"/, '')
    const operation = `${service}/apis/models/operations/chat-completions-v1/policies/policy`
    const status = await here.stranger('PUT', at(operation, '2024-05-01'), {
      properties: { format: 'rawxml', value },
    })
    expect(status).toBe(201)
    expect(serious((await audited(document)).findings)).toEqual([
      'costs calls: retry-without-body, policy models/chat-completions-v1',
    ])
  })

  test('to Azure itself is no fault of the gateway: what cannot be read is named, and nothing is made of it', async () => {
    await here.reset(document)
    const denied = { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } }
    await here.addFault({
      match: { plane: 'arm', method: 'GET', path: '/deployments', count: 1000 },
      do: denied,
    })
    await here.addFault({
      match: { plane: 'arm', method: 'GET', path: 'contoso-apim/policies', count: 1000 },
      do: denied,
    })
    const { findings, unread } = await audited(document)
    await here.clearFaults()
    expect(serious(findings)).toEqual([])
    expect(
      unread.map(({ resource, reason }) => `${resource.split('/').slice(-3).join('/')} ${reason}`).toSorted(),
    ).toEqual([
      'accounts/contoso-eus/deployments AuthorizationFailed',
      'accounts/contoso-eus2/deployments AuthorizationFailed',
      'contoso-apim/policies/policy AuthorizationFailed',
    ])
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backendBody, backendId } from '../../src/gateway/backends.ts'
import { membersOf, poolBody } from '../../src/gateway/pools.ts'
import type { JsonObject } from '../../src/resources/kind.ts'

const accountName = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,63}$/)
const deploymentName = fc.stringMatching(/^[a-zA-Z0-9_.-]{2,64}$/)

describe('the id of a backend', () => {
  test('is account and deployment, where that is plain and short', () => {
    expect(backendId('Contoso-EUS', 'gpt-4o')).toBe('contoso-eus--gpt-4o')
  })
  test('fits, and has only characters that Azure takes', () => {
    fc.assert(
      fc.property(accountName, deploymentName, (account, deployment) => {
        expect(backendId(account, deployment)).toMatch(/^[^*#&+:<>?/]{1,80}$/)
      }),
    )
  })
  test('is the same for names that Azure takes for the same', () => {
    fc.assert(
      fc.property(accountName, deploymentName, (account, deployment) => {
        expect(backendId(account.toUpperCase(), deployment.toLowerCase())).toBe(
          backendId(account.toLowerCase(), deployment.toUpperCase()),
        )
      }),
    )
  })
  test.each([
    [
      ['a--b', 'c'],
      ['a', 'b--c'],
    ],
    [
      ['a-', 'b'],
      ['a', '-b'],
    ],
    [
      ['a'.repeat(60), `${'d'.repeat(60)}1`],
      ['a'.repeat(60), `${'d'.repeat(60)}2`],
    ],
  ])('%j and %j are told apart', (one, other) => {
    expect(backendId(one[0] ?? '', one[1] ?? '')).not.toBe(backendId(other[0] ?? '', other[1] ?? ''))
  })
  test('two pairs never share one', () => {
    const few = fc.stringMatching(/^[ab-]{1,5}$/)
    fc.assert(
      fc.property(few, few, few, few, (account, deployment, otherAccount, otherDeployment) => {
        const same = account === otherAccount && deployment === otherDeployment
        expect(backendId(account, deployment) === backendId(otherAccount, otherDeployment)).toBe(same)
      }),
      { numRuns: 20_000 },
    )
  })
})

test('a backend points at the model endpoint of its account, one rule to its breaker, and checks certificates', () => {
  const body = backendBody({ account: 'contoso-eus', deployment: 'gpt-4o', subDomain: 'contoso-eus' })
  expect(body).toMatchObject({
    properties: {
      type: 'Single',
      url: 'https://contoso-eus.openai.azure.com/openai',
      protocol: 'http',
      circuitBreaker: { rules: [{ name: 'failover' }] },
      tls: { validateCertificateChain: true, validateCertificateName: true },
    },
  })
  expect(JSON.stringify(body)).not.toMatch(/credentials|key/)
})

describe('a pool', () => {
  const members = [
    { backend: 'contoso-eus--gpt-4o', priority: 1, weight: 100 },
    { backend: 'contoso-eus2--gpt-4o', priority: 1, weight: 30 },
  ]
  const body = (sticky: boolean) =>
    poolBody({ description: 'gpt-4o', members, sticky }, (backend) => `/service/apim/backends/${backend}`)

  test('has members only: Azure refuses a pool with an address, a protocol or a breaker', () => {
    expect(Object.keys(body(false)['properties'] ?? {})).toEqual(['description', 'type', 'pool'])
  })
  test('says nothing of affinity unless it is sticky, so that a stranger’s survives', () => {
    expect(JSON.stringify(body(false))).not.toContain('sessionAffinity')
    expect(body(true)).toMatchObject({
      properties: { pool: { sessionAffinity: { sessionId: { source: 'Cookie' } } } },
    })
  })
  test('is read back as it was written', () => {
    expect(membersOf(body(true) as JsonObject)).toEqual(members)
  })
  test('with what others left out, or wrote in capitals', () => {
    const services = [{ id: '/subscriptions/s/x/backends/A' }, { id: '/backends/b', weight: 3 }]
    expect(membersOf({ properties: { pool: { services } } })).toEqual([
      { backend: 'a', priority: 0, weight: 1 },
      { backend: 'b', priority: 0, weight: 3 },
    ])
    expect(membersOf({})).toEqual([])
  })
})

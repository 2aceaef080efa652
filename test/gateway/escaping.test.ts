import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csharp } from '../../src/gateway/element.ts'
import { apiPolicy } from '../../src/gateway/policies.ts'
import { readXml } from '../../src/gateway/xml.ts'
import { all, attribute, one, text } from './document.ts'
import { full, probe, simple } from './specs.ts'

const nasty = `a"<b>&'c]]>--&amp;`

describe('what a document names arrives as it was named', () => {
  test('in attributes and in text', () => {
    const policies = readXml(
      apiPolicy({
        ...full,
        pool: nasty,
        logger: nasty,
        headers: { region: nasty, retries: 'x-backend-retry' },
        audience: nasty,
        admits: { ...probe, audience: nasty },
      }),
    )
    expect(attribute(one(policies, 'set-backend-service'), 'backend-id')).toBe(nasty)
    expect(attribute(one(policies, 'authentication-managed-identity'), 'resource')).toBe(nasty)
    expect(text(one(policies, 'audience'))).toBe(nasty)
    expect([...all(policies, 'set-header')].map((it) => attribute(it, 'name'))).toContain(nasty)
    for (const log of all(policies, 'log-to-eventhub')) expect(attribute(log, 'logger-id')).toBe(nasty)
  })
  test('and never as markup', () => {
    expect(
      apiPolicy({ ...simple, pool: '"/><forward-request/><x y="' }).match(/<forward-request/g),
    ).toHaveLength(1)
  })
  test.each([
    ['@(context.Request.Body)', 'would be taken for an expression'],
    ['{{secret}}', 'would be replaced by a named value'],
    ['two\nlines', 'would lose its line end in an attribute'],
  ])('%j %s, so it travels as a C# literal', (pool) => {
    const policies = readXml(apiPolicy({ ...simple, pool }))
    const written = attribute(one(policies, 'set-backend-service'), 'backend-id') ?? ''
    expect(written).toBe(`@(${csharp(pool)})`)
    expect(written).not.toContain('{{')
    expect(JSON.parse(written.slice(2, -1))).toBe(pool)
  })
  test('whatever the deployment of a route is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (deployment) => {
        const policies = readXml(apiPolicy({ ...simple, routes: [{ deployment, pool: 'p' }] }))
        const conditions = [...all(policies, 'when')].map((it) => attribute(it, 'condition') ?? '')
        const literal = conditions.map((it) => /\["deployment"\] == (".*")\)$/s.exec(it)?.[1]).find(Boolean)
        expect(JSON.parse(literal ?? 'null')).toBe(deployment)
      }),
    )
  })
})

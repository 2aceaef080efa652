import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { whereText } from '../../src/gateway-audit/finding.ts'
import { account, backend, fixture, found, lines, pool } from './gateway.ts'

/** The gateway of the lab that many begin with: two accounts of equal quota, half and half, no breakers, and one of its two policies. */
const theirs = (form: 'simple' | 'full', properties = {}) =>
  found({
    policies: fixture(form),
    backends: [
      backend('openai-eastus', { url: 'https://east.openai.azure.com/openai', ...properties }),
      backend('openai-eastus2', { url: 'https://west.openai.azure.com/openai', ...properties }),
      pool('chat-both-regions', [
        ['openai-eastus', 50],
        ['openai-eastus2', 50],
      ]),
    ],
    accounts: [
      account('east', { 'gpt-4o': ['GlobalStandard', 30] }),
      account('west', { 'gpt-4o': ['GlobalStandard', 30] }),
    ],
  })
const withoutBreakers = (form: 'simple' | 'full') => theirs(form, { circuitBreaker: null })

test('the simple policy over members without breakers costs calls by the breakers alone', () => {
  expect(lines(withoutBreakers('simple'))).toEqual([
    'costs calls: breaker-missing, backend openai-eastus',
    'costs calls: breaker-missing, backend openai-eastus2',
    'risk: answer-buffered, policy azure-openai',
    'risk: many-tries, policy azure-openai',
    'risk: retry-needs-response, policy azure-openai',
    'note: exhausted-without-retry-after, policy azure-openai',
    'note: retry-waits, policy azure-openai',
    'note: time-out-long, policy azure-openai',
  ])
})

test('the full policy holds streams back a second time, and tells its errors', () => {
  const simple = lines(withoutBreakers('simple'))
  expect(lines(withoutBreakers('full')).filter((it) => !simple.includes(it))).toEqual([
    'risk: answer-read, policy azure-openai',
    'note: error-told, policy azure-openai',
  ])
})

test('with breakers what is left to cost calls is the answer when none is left', () => {
  expect(lines(theirs('simple')).filter((it) => it.startsWith('costs calls'))).toEqual([
    'costs calls: exhausted-without-retry-after, policy azure-openai',
  ])
})

test('docs/audit.md says of the two policies what the audit says', () => {
  const text = readFileSync('docs/audit.md', 'utf8')
  const rows = text.split('\n').filter((it) => /^\| `[a-z-]+` +\| (?:yes|no)/.test(it))
  const said = (column: 2 | 3) =>
    rows.filter((it) => it.split('|')[column]?.trim() === 'yes').map((it) => /`([a-z0-9-]+)`/.exec(it)?.[1])
  const ids = (form: 'simple' | 'full') => [...new Set(withoutBreakers(form).map(({ id }) => id))]
  expect(said(2).toSorted()).toEqual(ids('simple').toSorted())
  expect(said(3).toSorted()).toEqual(ids('full').toSorted())
})

test('each finding says what, where, what to do and where that is written', () => {
  for (const it of withoutBreakers('full')) {
    expect(whereText(it.where)).toMatch(/^(?:policy|pool|backend|service) \S+$/)
    expect(it.source).toMatch(/^(?:azure-facts \d|docs\/\w+\.md)/)
    expect([it.what, it.fix].every((text) => text.length > 10)).toBe(true)
  }
})

test('docs/audit.md has every finding there is', () => {
  const source = globSync('src/gateway-audit/*.ts').map((file) => readFileSync(file, 'utf8'))
  const ids = new Set(
    source.flatMap((text) => [...text.matchAll(/\bid: '([a-z0-9-]+)'/g)].map(([, id]) => id)),
  )
  const table = readFileSync('docs/audit.md', 'utf8').split('## Findings')[1]?.split('\n## ')[0] ?? ''
  const documented = new Set(
    [...table.matchAll(/^\| (`[^|]+)\|/gm)].flatMap(([, cell]) =>
      [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, id]) => id),
    ),
  )
  expect(ids.size).toBeGreaterThan(30)
  expect([...ids].toSorted()).toEqual([...documented].toSorted())
})

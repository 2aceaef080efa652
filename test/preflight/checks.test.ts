import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checks } from '../../src/preflight/checks.ts'
import { report } from '../../src/preflight/report.ts'
import { azureFaults, azureHarmless } from './azure-faults.ts'
import { documentFaults, documentHarmless } from './document-faults.ts'
import { gatewayFaults, gatewayHarmless } from './gateway-faults.ts'
import { networkFaults, networkHarmless } from './network-faults.ts'
import { rangeFaults, rangeHarmless } from './range-faults.ts'
import { blind, soundWorld, subjectOf } from './world.ts'

const faults = [...documentFaults, ...rangeFaults, ...gatewayFaults, ...networkFaults, ...azureFaults]
const harmless = [
  ...documentHarmless,
  ...rangeHarmless,
  ...gatewayHarmless,
  ...networkHarmless,
  ...azureHarmless,
]

const resultsOf = (code: string, given: (world: ReturnType<typeof soundWorld>) => void) => {
  const world = soundWorld()
  given(world)
  const { findings, unknown } = report(subjectOf(world))
  return { findings: findings.filter((found) => found.code === code), unknown }
}

test('there are at least 45 checks, each with a code of its own and words for people', () => {
  expect(checks.length).toBeGreaterThanOrEqual(45)
  expect(new Set(checks.map(({ code }) => code)).size).toBe(checks.length)
  for (const { code, title, why, remedy } of checks) {
    expect(code).toMatch(/^[A-Z]{3}-\d{3}$/)
    for (const words of [title, why, remedy]) expect(words.length, code).toBeGreaterThan(5)
  }
})

test('a sound world passes every check, and nothing of it is unknown', () => {
  const { findings, unknown, summary } = report(subjectOf(soundWorld()))
  expect(findings.filter(({ result }) => result !== 'PASS')).toEqual([])
  expect(unknown).toEqual([])
  expect(summary).toEqual({ pass: checks.length, warn: 0, fail: 0 })
  expect(findings.map(({ code }) => code)).toEqual(checks.map(({ code }) => code))
})

test('every check has a fixture that fails it', () => {
  const covered = new Set(faults.map(({ code }) => code))
  expect(checks.map(({ code }) => code).filter((code) => !covered.has(code))).toEqual([])
})

describe('finds', () => {
  for (const { code, fault, at, says, given } of faults)
    test(`${code} ${fault}`, () => {
      const { findings } = resultsOf(code, given)
      const severity = checks.find((check) => check.code === code)?.severity
      const found = findings.find(({ path, resource }) =>
        typeof at === 'string' ? (path ?? resource) === at : at.test(path ?? resource ?? ''),
      )
      expect(found, JSON.stringify(findings)).toMatchObject({ result: severity })
      expect(found?.remedy).toBeTruthy()
      if (says) expect(findings.map(({ message }) => message).join('\n')).toMatch(says)
    })
})

describe('leaves alone', () => {
  for (const { code, because, given } of harmless)
    test(`${code} ${because}`, () => {
      const { findings, unknown } = resultsOf(code, given)
      expect(findings, because).toMatchObject([{ result: 'PASS' }])
      expect(unknown.filter((one) => one.code === code)).toEqual([])
    })
})

describe('what cannot be read', () => {
  const ofTheDocument = /^(DOC|PRB|ACC|NET|GTW|FND|NAM)-|^(HOM-001|DNS-005)$/

  test('passes no check that asks Azure', () => {
    const { findings, unknown } = report({ ...subjectOf(soundWorld()), facts: blind })
    const passed = new Set(findings.filter(({ result }) => result === 'PASS').map(({ code }) => code))
    expect([...passed].filter((code) => !ofTheDocument.test(code))).toEqual([])
    const known = new Set(unknown.map(({ code }) => code))
    expect(
      checks.map(({ code }) => code).filter((code) => !known.has(code) && !ofTheDocument.test(code)),
    ).toEqual([])
  })

  test('is told with Azure’s reason', () => {
    const subject = subjectOf(soundWorld())
    const refused = new Map(
      [...subject.facts.keys()].map((key) => [
        key,
        { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } },
      ]),
    )
    const { unknown } = report({ ...subject, facts: refused })
    expect(unknown).toContainEqual({
      code: 'GRP-001',
      about: 'the resource group',
      reason: 'Azure answered 403 AuthorizationFailed no',
    })
  })

  test('is not an empty list where Azure has none', () => {
    const subject = subjectOf(soundWorld())
    const facts = new Map(
      [...subject.facts].map(([key, answer]) => [
        key,
        key.includes('/locks') ? { status: 404, body: { error: { code: 'ResourceGroupNotFound' } } } : answer,
      ]),
    )
    const { findings, unknown } = report({ ...subject, facts })
    expect(findings.filter(({ code }) => code === 'GRP-005')).toEqual([])
    expect(unknown.map(({ code }) => code)).toContain('GRP-005')
  })

  test('hides nothing that was found elsewhere', () => {
    const world = soundWorld()
    const subject = subjectOf(world)
    world.azure[Object.keys(world.azure).find((path) => path.endsWith('eastus/models')) ?? ''] = []
    const facts = new Map(
      [...subjectOf(world).facts].map(([key, answer]) => [
        key,
        key.includes('eastus2/models') ? { unread: 'no answer' } : answer,
      ]),
    )
    const { findings, unknown } = report({ ...subject, facts })
    expect(findings.filter(({ code }) => code === 'MDL-001')).toMatchObject([{ result: 'FAIL' }])
    expect(unknown.filter(({ code }) => code === 'MDL-001')).toHaveLength(1)
  })
})

test('docs/preflight.md tells of every check what the check itself says', () => {
  const text = readFileSync('docs/preflight.md', 'utf8')
  const rows = checks.map(
    ({ code, severity, title, why, remedy }) => `| ${code} | ${severity} | ${title} | ${why} | ${remedy} |`,
  )
  expect(rows.filter((row) => !text.includes(row))).toEqual([])
  expect(text.match(/^\| [A-Z]{3}-\d{3} /gm)).toHaveLength(checks.length)
})

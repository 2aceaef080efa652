import { expect, test } from 'vitest'
import { type Truth, truthOf } from '../../src/gateway-audit/condition.ts'

const status = 'context.Response.StatusCode'

const cases: [why: string, condition: string, of429: Truth, of404: Truth, ofNothing: Truth][] = [
  ['plain', `@(${status} == 429)`, true, false, 'fails'],
  ['the order of operands is free', `@(429 == ${status})`, true, false, 'fails'],
  ['what decides first decides', `@(context.Response == null || ${status} == 429)`, true, false, true],
  ['a guard by && too', `@(context.Response != null && ${status} >= 429)`, true, false, false],
  ['and in words', `@(context.Response is not null && ${status} == 429)`, true, false, false],
  ['asked safely, nothing equals nothing', '@(context.Response?.StatusCode == 429)', true, false, false],
  ['a list', `@(new [] { 429, 503 }.Contains(${status}))`, true, false, 'fails'],
  ['a list of another making', `@(new List<int>() { 429 }.Contains(${status}))`, true, false, 'fails'],
  ['not', `@(!(${status} < 429))`, true, false, 'fails'],
  ['brackets bind', `@((${status} == 404 || ${status} == 429) && ${status} > 404)`, true, false, 'fails'],
  ['a block that only returns', `@{ return ${status} == 429; }`, true, false, 'fails'],
  ['a block that does more', `@{ var it = ${status}; return it == 429; }`, 'unknown', 'unknown', 'unknown'],
  ['always', 'true', true, true, true],
  ['never', '@(false)', false, false, false],
  ['unknown beside a yes is yes', `@(Later() || ${status} == 429)`, true, 'unknown', 'unknown'],
  ['unknown beside a no is no', `@(Later() && ${status} == 429)`, 'unknown', false, 'unknown'],
  ['a text is no operator', `@(Has("a || b") || ${status} == 429)`, true, 'unknown', 'unknown'],
  ['a choice is not read', `@(${status} == 429 ? true : false)`, 'unknown', 'unknown', 'unknown'],
  [
    'nor what stands in for nothing, which binds weaker than ||',
    `@(Wish() ?? false || ${status} == 429)`,
    'unknown',
    'unknown',
    'unknown',
  ],
  ['a named value', '{{retry-condition}}', 'unknown', 'unknown', 'unknown'],
]

test.each(cases)('%s: %s', (_why, condition, of429, of404, ofNothing) => {
  expect([{ status: 429 }, { status: 404 }, null].map((it) => truthOf(condition, it))).toEqual([
    of429,
    of404,
    ofNothing,
  ])
})

test('a header decides where it is asked for', () => {
  const condition = `@(${status} == 409 && context.Response.Headers.ContainsKey("Retry-After"))`
  expect(truthOf(condition, { status: 409 })).toBe(false)
  expect(truthOf(condition, { status: 409, retryAfter: true })).toBe(true)
})

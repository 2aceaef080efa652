import { describe, expect, test } from 'vitest'
import { retryAfter } from '../../src/azure/failure.ts'
import { classify, waitSeconds } from '../../src/reconcile/outcome.ts'

describe('an answer of Azure that is not a success', () => {
  test.each([
    [429, 'TooManyRequests'],
    [409, 'AnotherOperationInProgress'],
    [409, 'ServiceLocked'],
    [412, 'PreconditionFailed'],
    [500, 'InternalServerError'],
    [401, 'ExpiredAuthenticationToken'],
    [403, 'AuthorizationFailed'],
    [404, 'ParentResourceNotFound'],
    [0, 'NoAnswer'],
    [418, 'NobodyKnowsThisOne'],
  ])('%i %s passes: the loop tries again', (status, code) => {
    expect(classify({ status, code, message: 'm' })).toMatchObject({ is: 'later', reason: code })
  })

  test.each([
    'RequestDisallowedByPolicy',
    'ScopeLocked',
    'NetcfgSubnetRangesOverlap',
    'InsufficientQuota',
    'ValidationError',
  ])('%s stays until somebody acts, and says what to do', (code) => {
    const outcome = classify({ status: 400, code, message: 'm' })
    expect(outcome).toMatchObject({ is: 'refused', reason: code })
    expect(outcome.is === 'refused' && outcome.remedy.length).toBeGreaterThan(10)
  })

  test('without a code is named by its status', () => {
    expect(classify({ status: 502, code: '', message: '' }).reason).toBe('Http502')
  })
})

test('tries are spaced by what Azure asks for, else doubling from five seconds up to five minutes', () => {
  expect(waitSeconds(1, 17)).toBe(17)
  expect([1, 2, 3, 7, 12].map((attempt) => waitSeconds(attempt, undefined))).toEqual([5, 10, 20, 300, 300])
})

test('Retry-After is understood in seconds and as a date', () => {
  const now = Date.parse('2026-11-23T03:00:00Z')
  expect(retryAfter('7', now)).toBe(7)
  expect(retryAfter('Mon, 23 Nov 2026 03:00:30 GMT', now)).toBe(30)
  expect(retryAfter('Mon, 23 Nov 2026 02:00:00 GMT', now)).toBe(0)
  expect(retryAfter('soon', now)).toBeUndefined()
  expect(retryAfter(undefined, now)).toBeUndefined()
})

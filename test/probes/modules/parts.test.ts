import { expect, test } from 'vitest'
import { contains, outside } from '../../../src/probes/addresses.ts'
import { eventReader } from '../../../src/probes/server-events.ts'
import { compareShares } from '../../../src/probes/shares.ts'
import { socketReason } from '../../../src/probes/socket-reason.ts'

const areOff = (counts: [calls: number, weight: number][]) =>
  compareShares(counts.map(([calls, weight], index) => ({ name: `m${index}`, calls, weight }))).some(
    ({ isOff }) => isOff,
  )

test('shares by their weights are not off, nor are those that chance makes', () => {
  expect(
    areOff([
      [770, 100],
      [230, 30],
    ]),
  ).toBe(false)
  expect(
    areOff([
      [800, 100],
      [200, 30],
    ]),
  ).toBe(false)
})

test('shares of other weights are off, and the fewer calls the less is said', () => {
  expect(
    areOff([
      [500, 100],
      [500, 30],
    ]),
  ).toBe(true)
  expect(
    areOff([
      [15, 100],
      [15, 30],
    ]),
  ).toBe(false)
})

test('a member that gets nothing is off, also where it should get little', () => {
  expect(
    areOff([
      [1000, 95],
      [0, 5],
    ]),
  ).toBe(true)
})

/** Calls drawn one by one in clumps of two, from a generator with a seed. */
function drawn(calls: number, weights: number[], seed: number): number[] {
  let state = seed
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const counts = weights.map(() => 0)
  for (let call = 0; call < calls; call += 2) {
    let left = random() * whole
    const chosen = weights.findIndex((weight) => {
      left -= weight
      return left < 0
    })
    counts[chosen] = (counts[chosen] ?? 0) + 2
  }
  return counts
}

test.each([[[100, 30]], [[70, 20, 10]], [[50, 50]]])(
  'of 2000 pools with weights %o some 1 % are called off',
  (weights) => {
    let off = 0
    for (let seed = 1; seed <= 2000; seed++)
      if (areOff(drawn(400, weights, seed * 7919).map((calls, index) => [calls, weights[index] ?? 0]))) off++
    expect(off / 2000).toBeLessThan(0.02)
  },
)

test('addresses are inside a range, or not, in both families', () => {
  expect(contains('192.168.2.0/26', '192.168.2.63')).toBe(true)
  expect(contains('192.168.2.0/26', '192.168.2.64')).toBe(false)
  expect(contains('192.168.2.0/26', '::1')).toBe(false)
  expect(contains('192.168.2.0/26', '::ffff:192.168.2.1')).toBe(true)
  expect(outside('x', ['192.168.2.1', '20.0.0.1'], ['192.168.2.0/26'])).toMatchObject({
    reason: 'PublicAddress',
  })
  expect(outside('x', ['192.168.2.1'], [])).toMatchObject({ reason: 'WrongAddress' })
  expect(outside('x', ['192.168.2.1', '10.0.0.1'], ['192.168.2.0/26', '10.0.0.0/8'])).toBeUndefined()
})

test('events come whole, however they are cut', () => {
  const text = 'data: {"a": 1}\n\n: a comment\n\ndata: b\ndata: c\r\n\r\ndata: half'
  for (let size = 1; size < 9; size++) {
    const read = eventReader()
    const events = (text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []).flatMap((part) => read(part))
    expect(events).toEqual(['{"a": 1}', 'b\nc'])
  }
})

test.each([
  ['ENOTFOUND', 'NameNotFound'],
  ['EAI_AGAIN', 'ResolverFailed'],
  ['ESERVFAIL', 'ResolverFailed'],
  ['ECONNREFUSED', 'Refused'],
  ['EHOSTUNREACH', 'NoRoute'],
  ['EPIPE', 'Reset'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'CertificateUntrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CertificateUntrusted'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'TlsFailed'],
  ['HPE_INVALID_CONSTANT', 'ConnectionFailed'],
])('%s means %s', (code, reason) => {
  expect(socketReason(Object.assign(new Error(), { code }))).toBe(reason)
})

import { describe, expect, test } from 'vitest'
import { roots, type State } from '../../src/probes/graph.ts'
import type { Probe } from '../../src/probes/probe.ts'

const probe = (id: string, ...needs: string[]): Probe => ({
  id,
  title: id,
  module: 'token',
  target: { as: 'app', audience: 'https://a.example' },
  layer: 'token',
  expect: 'works',
  vantage: 'inside',
  beat: 'network',
  needs,
  proves: [],
  suspects: [],
  limit: id,
})

const fails: State = { result: 'fail', fresh: true }
const passes: State = { result: 'pass', fresh: true }
const chain = [
  probe('dns'),
  probe('tcp', 'dns'),
  probe('tls', 'tcp'),
  probe('model', 'tls', 'token'),
  probe('token'),
]
const found = (states: Record<string, State>, probes = chain) => {
  const { roots: first, muted } = roots(probes, new Map(Object.entries(states)))
  return { roots: first, muted: Object.fromEntries(muted) }
}

describe('of what fails', () => {
  test('the first in the chain is the root, and the rest are muted by it', () => {
    expect(found({ dns: fails, tcp: fails, tls: fails, model: fails, token: passes })).toEqual({
      roots: ['dns'],
      muted: { tcp: ['dns'], tls: ['dns'], model: ['dns'] },
    })
  })
  test('one behind another that has not been asked again yet is muted all the same', () => {
    expect(found({ dns: fails, tcp: passes, model: fails })).toEqual({
      roots: ['dns'],
      muted: { model: ['dns'] },
    })
  })
  test('two roots mute what is behind both', () => {
    expect(found({ dns: fails, token: fails, model: fails })).toEqual({
      roots: ['dns', 'token'],
      muted: { model: ['dns', 'token'] },
    })
  })
  test('a verdict that is not fresh mutes nobody, and is no root', () => {
    expect(found({ dns: { result: 'fail', fresh: false }, tcp: fails })).toEqual({
      roots: ['tcp'],
      muted: {},
    })
  })
  test('neither does one that proved nothing', () => {
    expect(found({ dns: { result: 'inconclusive', fresh: true }, tcp: fails })).toEqual({
      roots: ['tcp'],
      muted: {},
    })
  })
  test('a probe that was never asked says nothing', () => {
    expect(found({ tls: fails })).toEqual({ roots: ['tls'], muted: {} })
  })
})

test('needs that come round end', () => {
  const round = [probe('a', 'b'), probe('b', 'a')]
  expect(found({ a: passes, b: passes }, round)).toEqual({ roots: [], muted: {} })
})

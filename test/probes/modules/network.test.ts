import { afterAll, describe, expect, test } from 'vitest'
import { dns } from '../../../src/probes/modules/dns.ts'
import { page } from '../../../src/probes/modules/page.ts'
import { tcp } from '../../../src/probes/modules/tcp.ts'
import { tls } from '../../../src/probes/modules/tls.ts'
import { closedPort, closeServers, type Leaf, serve, serveRaw } from './servers.ts'
import { never, toolsWith } from './tools.ts'

/** The layers below HTTP, and pages, against real servers of this machine. */
const host = '127.0.0.1'
const within = ['127.0.0.0/8']
const tools = toolsWith()
const soon = () => AbortSignal.timeout(150)
afterAll(closeServers)

describe('dns', () => {
  test('a name whose addresses all lie in the range works', async () => {
    const verdict = await dns({ host, within }, tools, never, 'works')
    expect(verdict).toMatchObject({ result: 'pass', reason: 'Works', phases: [{ name: 'lookup' }] })
    expect(verdict.trace).toEqual(['127.0.0.1 is 127.0.0.1'])
  })

  test.each([
    ['10.9.8.7', 'WrongAddress', 'a private address'],
    ['20.1.2.3', 'PublicAddress', 'a public address'],
  ])('an answer of %s is told apart: %s', async (address, reason, words) => {
    const verdict = await dns({ host: address, within }, tools, never, 'works')
    expect(verdict).toMatchObject({ result: 'fail', reason, stoppedIn: 'dns' })
    expect(verdict.why).toContain(words)
  })

  test('a name that nobody has given is not found, which must be so where it must fail', async () => {
    const nowhere = { host: 'no-such-name.invalid', within }
    const without = { ...tools, lookUp: async () => halt('NameNotFound') }
    expect(await dns(nowhere, without, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'NameNotFound',
    })
    expect(await dns(nowhere, without, never, 'fails')).toMatchObject({
      result: 'pass',
      reason: 'Unreachable',
    })
  })

  test('a resolver that is down proves nothing either way', async () => {
    const down = { ...tools, lookUp: async () => halt('ResolverFailed') }
    for (const expect_ of ['works', 'fails'] as const)
      expect(await dns({ host, within }, down, never, expect_)).toMatchObject({
        result: 'fail',
        reason: 'ResolverFailed',
      })
  })

  test('a private address that is told outside is a leak', async () => {
    expect(await dns({ host, within }, tools, never, 'fails')).toMatchObject({
      result: 'fail',
      reason: 'Reached',
    })
  })

  test('a name must lead through the private link', async () => {
    const through = 'contoso.privatelink.openai.azure.com'
    const led = { ...tools, aliasesOf: async () => [through] }
    expect(await dns({ host, within, through }, led, never, 'works')).toMatchObject({ result: 'pass' })
    const straight = { ...tools, aliasesOf: async () => [] }
    expect(await dns({ host, within, through }, straight, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'NotThroughPrivateLink',
    })
  })
})

const halt = (reason: 'NameNotFound' | 'ResolverFailed') => ({
  reason,
  why: 'for the test',
  layer: 'dns' as const,
})

describe('tcp', () => {
  test('a port that accepts works, and is a failure where it must not', async () => {
    const port = await serveRaw()
    const works = await tcp({ host, port, within }, tools, never, 'works')
    expect(works).toMatchObject({ result: 'pass', phases: [{ name: 'lookup' }, { name: 'connect' }] })
    expect(await tcp({ host, port, within }, tools, never, 'fails')).toMatchObject({
      result: 'fail',
      reason: 'Reached',
      stoppedIn: 'tcp',
    })
  })

  test('a port at which nobody listens refuses, and is proof where it must fail', async () => {
    const port = await closedPort()
    expect(await tcp({ host, port, within }, tools, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'Refused',
      stoppedIn: 'tcp',
    })
    expect(await tcp({ host, port, within }, tools, never, 'fails')).toMatchObject({
      result: 'pass',
      reason: 'Unreachable',
    })
  })

  test('outside the range nothing is connected to', async () => {
    let connections = 0
    const port = await serveRaw(() => connections++)
    expect(await tcp({ host, port, within: ['10.0.0.0/8'] }, tools, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'WrongAddress',
    })
    expect(connections).toBe(0)
  })
})

describe('tls', () => {
  const secured = async (leaf: Leaf, daysLeft = 30) =>
    tls({ host, port: await serve(() => {}, leaf), within, daysLeft }, tools, never, 'works')

  test('a certificate that holds works, and the trace says until when', async () => {
    const verdict = await secured({})
    expect(verdict).toMatchObject({ result: 'pass', reason: 'Works' })
    expect(verdict.phases.map(({ name }) => name)).toEqual(['lookup', 'connect', 'tls'])
    expect(verdict.trace.at(-1)).toMatch(/^TLSv1\.3, certificate of 127\.0\.0\.1 until /)
  })

  test.each<[string, Leaf, string]>([
    ['out of date', { days: [-90, -1] }, 'CertificateExpired'],
    ['for later', { days: [1, 90] }, 'CertificateNotYetValid'],
    ['for another name', { names: ['other.example'] }, 'CertificateNameMismatch'],
    ['of a strange authority', { isStrange: true }, 'CertificateUntrusted'],
    ['with five days left', { days: [-1, 5.5] }, 'CertificateExpiresSoon'],
  ])('a certificate %s fails: %s', async (_, leaf, reason) => {
    expect(await secured(leaf)).toMatchObject({ result: 'fail', reason, stoppedIn: 'tls' })
  })

  test('who hangs up in the middle of the handshake has cut the connection', async () => {
    const port = await serveRaw((socket) => socket.once('data', () => socket.resetAndDestroy()))
    expect(await tls({ host, port, within, daysLeft: 1 }, tools, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'Reset',
      stoppedIn: 'tls',
    })
  })

  test('who says nothing is out of time in the handshake', async () => {
    const verdict = await tls({ host, port: await serveRaw(), within, daysLeft: 1 }, tools, soon(), 'works')
    expect(verdict).toMatchObject({ result: 'fail', reason: 'TimedOut', stoppedIn: 'tls' })
    expect(verdict.why).toContain('it hung in tls')
    expect(verdict.phases.at(-1)?.ms).toBeGreaterThan(100)
  })

  test('who speaks something else fails the handshake', async () => {
    const port = await serveRaw((socket) => socket.end('220 ready\r\n'))
    expect(await tls({ host, port, within, daysLeft: 1 }, tools, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'TlsFailed',
      stoppedIn: 'tls',
    })
  })
})

describe('page', () => {
  const asked = (port: number, expectation: 'works' | 'fails' = 'works') =>
    page({ url: `https://${host}:${port}/status`, within, statuses: [200] }, tools, never, expectation)

  test('a page that answers as it must', async () => {
    const port = await serve((request, response) => response.end(request.url))
    const verdict = await asked(port)
    expect(verdict).toMatchObject({ result: 'pass', why: `${host}:${port}/status answers 200` })
    expect(verdict.phases.map(({ name }) => name)).toEqual(['lookup', 'connect', 'tls', 'first byte', 'rest'])
    expect(await asked(port, 'fails')).toMatchObject({
      result: 'fail',
      reason: 'Reached',
      stoppedIn: 'gateway',
    })
  })

  test('a page that answers otherwise', async () => {
    const port = await serve((_, response) =>
      response.writeHead(503).end('{"statusCode":503,"message":"Starting"}'),
    )
    expect(await asked(port)).toMatchObject({ result: 'fail', reason: 'ServerError', stoppedIn: 'gateway' })
    expect(await asked(port, 'fails')).toMatchObject({ result: 'inconclusive', reason: 'OtherLayer' })
  })

  test('a service that is down', async () => {
    const port = await closedPort()
    expect(await asked(port)).toMatchObject({ result: 'fail', reason: 'Refused', stoppedIn: 'tcp' })
    expect(await asked(port, 'fails')).toMatchObject({ result: 'pass', reason: 'Unreachable' })
  })
})

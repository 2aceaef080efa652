import 'reflect-metadata'
import type { RequestListener } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net'
import tls from 'node:tls'
import * as x509 from '@peculiar/x509'

/** Real servers on the loopback interface, with certificates as good or as bad as a test wants them. */

const curve = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const dayMs = 86_400_000

export interface Leaf {
  names?: string[]
  /** From and to, in days from now. */
  days?: [number, number]
  /** Signed by somebody this process does not trust. */
  isStrange?: boolean
}

interface KeyPair {
  cert: string
  key: string
}

async function authority(name: string) {
  const keys = await crypto.subtle.generateKey(curve, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - 1000 * dayMs),
    notAfter: new Date(Date.now() + 1000 * dayMs),
    signingAlgorithm: curve,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  })
  return { certificate, keys }
}

const trusted = await authority('a trusted authority')
const strange = await authority('a strange authority')
tls.setDefaultCACertificates([...tls.getCACertificates('default'), trusted.certificate.toString('pem')])

async function issue({ names = ['127.0.0.1'], days = [-1, 90], isStrange = false }: Leaf): Promise<KeyPair> {
  const issuer = isStrange ? strange : trusted
  const keys = await crypto.subtle.generateKey(curve, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: '02',
    subject: `CN=${names[0]}`,
    issuer: issuer.certificate.subject,
    notBefore: new Date(Date.now() + days[0] * dayMs),
    notAfter: new Date(Date.now() + days[1] * dayMs),
    signingAlgorithm: curve,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    extensions: [
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: /^[\d.]+$/.test(value) ? 'ip' : 'dns', value })),
      ),
    ],
  })
  const exported = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { cert: certificate.toString('pem'), key: x509.PemConverter.encode(exported, 'PRIVATE KEY') }
}

const open = new Set<() => void>()

/** Ends every server of this file and the connections to it. */
export function closeServers(): void {
  for (const close of open) close()
  open.clear()
}

/** An HTTPS server; its port. */
export async function serve(listener: RequestListener, leaf: Leaf = {}): Promise<number> {
  const server = createHttps(await issue(leaf), listener)
  open.add(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return (server.address() as AddressInfo).port
}

/** A server that speaks no TLS: what it does with a connection is the test's affair; its port. */
export async function serveRaw(connected: (socket: Socket) => void = () => {}): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createTcp((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    connected(socket)
  })
  open.add(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return (server.address() as AddressInfo).port
}

/** A port at which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createTcp()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}

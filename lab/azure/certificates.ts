import 'reflect-metadata' // tsyringe, below x509, refuses to load without it
import type { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

const CURVE = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY_MS = 24 * 60 * 60 * 1000
const LONG_DAYS = 3650

export type KeyPair = { certificate: string; privateKey: string }

/** The certificate authority of one lab: made at its birth, kept in its state, trusted by whoever reads ca.pem. */
export async function createAuthority(name: string): Promise<KeyPair> {
  const keys = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${name}`,
    ...validity(),
    signingAlgorithm: CURVE,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate: certificate.toString('pem'), privateKey: await exported(keys.privateKey) }
}

/** @param validDays from now; negative: it expired so many days ago */
export async function issueLeaf(
  authority: KeyPair,
  names: string[],
  validDays = LONG_DAYS,
): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(authority.certificate)
  const signingKey = await crypto.subtle.importKey(
    'pkcs8',
    x509.PemConverter.decodeFirst(authority.privateKey),
    CURVE,
    false,
    ['sign'],
  )
  const keys = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${names[0] ?? 'localhost'}`,
    issuer: issuer.subject,
    ...validity(validDays),
    signingAlgorithm: CURVE,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1']),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  })
  return { certificate: certificate.toString('pem'), privateKey: await exported(keys.privateKey) }
}

/** Wall time: TLS libraries check validity against the machine's own clock, never against the lab's. */
function validity(days = LONG_DAYS) {
  const now = Date.now()
  return {
    notBefore: new Date(now + (Math.min(days, 0) - 1) * DAY_MS),
    notAfter: new Date(now + days * DAY_MS),
  }
}

const serialNumber = () => crypto.randomUUID().replaceAll('-', '').replace(/^./, '1')

const exported = async (key: webcrypto.CryptoKey) =>
  x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')

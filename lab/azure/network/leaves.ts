import { createSecureContext, type SecureContext } from 'node:tls'
import { createAuthority, issueLeaf, type KeyPair } from '../certificates.ts'
import type { Flaw } from '../faults.ts'

type Certificate = { pair: { cert: string; key: string }; context: SecureContext }

/** Leaves of the lab's authority, each made when it is first asked for: as they should be, or with a flaw. */
export function certificates(authority: KeyPair): (names: string[], flaw?: Flaw) => Promise<Certificate> {
  const made = new Map<string, Promise<Certificate>>()
  return (names, flaw) => {
    const key = [flaw, ...names].join(' ')
    const known = made.get(key) ?? make(issued(authority, names, flaw))
    made.set(key, known)
    return known
  }
}

async function make(issued: Promise<KeyPair>): Promise<Certificate> {
  const { certificate: cert, privateKey: key } = await issued
  return { pair: { cert, key }, context: createSecureContext({ cert, key }) }
}

async function issued(authority: KeyPair, names: string[], flaw: Flaw | undefined): Promise<KeyPair> {
  switch (flaw) {
    case undefined:
      return issueLeaf(authority, names)
    case 'expired':
      return issueLeaf(authority, names, -1)
    case 'expires-soon':
      return issueLeaf(authority, names, 5)
    case 'wrong-name':
      return issueLeaf(authority, ['somebody-else.invalid'])
    case 'untrusted':
      return issueLeaf(await createAuthority('Nobody you know'), names)
  }
}

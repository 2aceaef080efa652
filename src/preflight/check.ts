import type { Document } from '../environment/schema.ts'
import type { Surroundings } from '../environment/surroundings.ts'
import type { Resource } from '../resources/kind.ts'
import type { Facts } from './facts.ts'

/**
 * Preflight: what would stop an environment, or hurt later, said before anything is written. A check is a pure function of the document, of
 * the resources it expands to, and of what Azure answered. It changes nothing, and it never guesses: what could not be read is unknown.
 */

export interface Subject {
  document: Document
  resources: Resource[]
  surroundings: Surroundings
  facts: Facts
  nowMs: number
}

export interface Check {
  /** Area and number, never used again for another check. */
  code: string
  /** What holds when it passes. */
  title: string
  /** What happens to whoever goes on regardless. */
  why: string
  remedy: string
  severity: 'WARN' | 'FAIL'
  /** Everything that is wrong; nothing is a pass. */
  run(subject: Subject): Said[]
}

export type Said = Problem | Unread

/** Something wrong, at a field of the document or at a resource. */
export type Problem = { message: string; remedy?: string } & ({ path: string } | { resource: string })

/** Azure did not say. */
export interface Unread {
  about: string
  unread: string
}

export const inDocument = (path: string, message: string): Problem => ({ path, message })

/** @param remedy where this one has a better one than the check in general */
export const inWorld = (resource: string, message: string, remedy?: string): Problem => ({
  resource,
  message,
  ...(remedy ? { remedy } : {}),
})

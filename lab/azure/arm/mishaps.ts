import type { Mishap } from '../lifecycles/temper.ts'
import type { Azure } from './azure.ts'
import { type Fault, Refusal } from './errors.ts'
import { keyOf } from './ids.ts'

/** What goes wrong with one call, by the temper or by an injected fault. */
export type Fate = { failed: Fault | null; stuck: boolean; slower: number; lost: boolean }

/** Thrown when the connection dies before anything was done. */
export class ConnectionReset extends Error {}

/** What `provisioning` of an injected fault asks for. */
export type Forced = { provisioning?: 'stuck' | 'failed'; error?: Fault }

const INTERNAL_ERROR: Fault = { code: 'InternalServerError', message: 'An error occurred.' }

export function drawFate(
  mishaps: Mishap[],
  purpose: (string | number)[],
  forced: Forced,
  azure: Azure,
): Fate {
  const fate: Fate = {
    failed: forced.provisioning === 'failed' ? (forced.error ?? INTERNAL_ERROR) : null,
    stuck: forced.provisioning === 'stuck',
    slower: 1,
    lost: false,
  }
  const struck = mishaps.find(
    ({ chance }, index) => azure.draw.fraction('mishap', index, ...purpose.map(lower)) < chance,
  )
  switch (struck?.what) {
    case 'reset':
      throw new ConnectionReset()
    case 'refused':
      throw new Refusal(struck.status, struck.code, struck.message, {
        headers: struck.retryAfterSeconds ? { 'Retry-After': String(struck.retryAfterSeconds) } : {},
      })
    case 'failed':
      return { ...fate, failed: fate.failed ?? { code: struck.code, message: struck.message } }
    case 'stuck':
      return { ...fate, stuck: true }
    case 'slower':
      return { ...fate, slower: struck.times }
    case 'lost':
      return { ...fate, lost: true }
    default:
      return fate
  }
}

const lower = (part: string | number) => (typeof part === 'string' ? keyOf(part) : part)

import { hash as digest } from 'node:crypto'

/**
 * Chance without a sequence: every draw is a hash of the seed and of what it is for, so that the order of calls
 * cannot change what a seed does.
 */
export type Draw = {
  /** From 0 up to, but without, 1. */
  fraction(...purpose: (string | number)[]): number
  between(range: readonly [number, number], ...purpose: (string | number)[]): number
  uuid(...purpose: (string | number)[]): string
}

export function createDraw(seed: number): Draw {
  const hash = (purpose: (string | number)[]) =>
    digest('sha256', JSON.stringify([seed, ...purpose]), 'buffer')
  const fraction = (...purpose: (string | number)[]) => hash(purpose).readUIntBE(0, 6) / 2 ** 48
  return {
    fraction,
    between: ([least, most], ...purpose) => least + (most - least) * fraction(...purpose),
    uuid: (...purpose) => {
      const hex = hash(purpose).toString('hex')
      const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4]
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
    },
  }
}

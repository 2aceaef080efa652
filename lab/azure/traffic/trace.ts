import { readFileSync } from 'node:fs'
import type { Draw } from '../draw.ts'
import type { Start } from './request.ts'
import { synthesized } from './synthetic.ts'

/** One request of a trace, so many milliseconds after the first. */
export type Traced = { atMs: number; contextTokens: number; generatedTokens: number }

/** @throws when there is no such file, or it is no trace */
export const traceOf = ({ trace }: Start, draw: Draw): Traced[] =>
  typeof trace === 'string' ? readTrace(trace) : synthesized(trace, draw)

const HEAD = 'TIMESTAMP,ContextTokens,GeneratedTokens'

export function readTrace(path: string): Traced[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  if (head.replaceAll(' ', '') !== HEAD) throw new Error(`${path} does not begin with ${HEAD}`)
  const moments = lines.map((line, index) => {
    const [timestamp = '', context, generated] = line.split(',')
    const traced = {
      atMs: momentOf(timestamp),
      contextTokens: Number(context),
      generatedTokens: Number(generated),
    }
    if (Object.values(traced).every((value) => Number.isFinite(value) && value >= 0)) return traced
    throw new Error(`${path}, line ${index + 2}: ${line}`)
  })
  const first = moments.reduce((least, { atMs }) => Math.min(least, atMs), Number.POSITIVE_INFINITY)
  return moments
    .map((traced) => ({ ...traced, atMs: traced.atMs - first }))
    .sort((one, other) => one.atMs - other.atMs)
}

/** `2023-11-16 18:15:46.6805900`: finer than a Date can be. */
function momentOf(timestamp: string): number {
  const [, second = '', fraction = '0'] = /^(\S+ [\d:]+)(?:\.(\d+))?/.exec(timestamp) ?? []
  return Date.parse(`${second.replace(' ', 'T')}Z`) + Number(`0.${fraction}`) * 1000
}

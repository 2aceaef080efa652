import { hash } from 'node:crypto'
import type { Draw } from '../draw.ts'

/** What is generated: as long, as fast and with the words that (deployment, request) draw, the same every time. */
export type Generated = {
  text: string
  completion: number
  finish: 'stop' | 'length'
  firstTokenMs: number
  totalMs: number
}

const SHORTEST = 16
const LONGEST = 400
/** More than any model writes at once. */
const MOST_FIXED = 131_072

/** Words of one token each: three letters and a space, as tokens are counted. */
const WORDS = 'sum the lab ask and but for key map sky new one red sea run how day far ice oak'.split(' ')
const PHRASE = `${WORDS.join(' ')} `
const WORDS_AHEAD = 64
let stock = ''

function textOf(tokens: number, from: number): string {
  const letters = tokens * 4
  while (stock.length < letters + WORDS_AHEAD * 4) stock += stock || PHRASE
  const start = (from % WORDS_AHEAD) * 4
  return stock.slice(start, start + letters - 1)
}

/** `fixed`: how long a replayed request's answer was. */
export function generate(
  draw: Draw,
  deploymentId: string,
  request: string,
  prompt: number,
  most: number | undefined,
  fixed: number | undefined,
): Generated {
  const chance = draw.fraction('generated', deploymentId, hash('sha1', request))
  const [pace, first] = [(chance * 1009) % 1, (chance * 9973) % 1]
  const drawn = Math.round(SHORTEST + (LONGEST - SHORTEST) * chance ** 2)
  const wanted = Math.min(fixed ?? drawn, MOST_FIXED)
  const completion = Math.max(1, Math.min(most ?? Number.POSITIVE_INFINITY, wanted))
  const firstTokenMs = Math.round(150 + 450 * first + prompt / 20)
  return {
    text: textOf(completion, Math.floor(pace * 1e6)),
    completion,
    finish: completion < wanted ? 'length' : 'stop',
    firstTokenMs,
    totalMs: Math.round(firstTokenMs + completion * (8 + 14 * pace)),
  }
}

/** Text in pieces of one token. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += 4) pieces.push(text.slice(at, at + 4))
  return pieces
}

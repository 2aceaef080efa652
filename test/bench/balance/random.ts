/** Chance seeded by text: what a draw is for is its seed, so that one more draw somewhere changes nothing elsewhere. */
export type Chance = () => number

/** From 0 up to, but without, 1: mulberry32 over the FNV-1a hash of the text. */
export function chanceOf(...purpose: (string | number)[]): Chance {
  let state = 0x811c9dc5
  for (const character of purpose.join('/')) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193)
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const between = (least: number, most: number, chance: Chance) => least + (most - least) * chance()

/** Both ends are drawn too. */
export const whole = (least: number, most: number, chance: Chance) =>
  least + Math.floor((most - least + 1) * chance())

export const logUniform = (least: number, most: number, chance: Chance) =>
  Math.exp(between(Math.log(least), Math.log(most), chance))

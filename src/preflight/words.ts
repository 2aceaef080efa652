/** Azure compares names and ids without regard to case. */
export const isSameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** `a, b and c` */
export const listText = (items: string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`

const secondsIn = { s: 1, m: 60, h: 3600 } as const

/** Seconds of an interval such as `5m`. */
export const secondsOf = (interval: string): number =>
  Number(interval.slice(0, -1)) * secondsIn[interval.at(-1) as keyof typeof secondsIn]

export const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/**
 * Whether counts depart from shares by more than chance makes them. Pure. Each member has Wilson's interval around its own share; together they
 * are wrong about one time in a hundred. Calls clump (a caller keeps its connection, each unit of the gateway counts for itself, azure-facts 4.4),
 * so that as many calls say as little as half of them would if each were drawn alone.
 */
export interface Share {
  name: string
  calls: number
  /** What it should have, 0 to 1. */
  expected: number
  actual: number
  low: number
  high: number
  isOff: boolean
}

const clumping = 2
/** Of the normal distribution: 99 % for the two ends of one share; for more members 99.9 % each, which is enough for ten. */
const zOfTwo = 2.576
const zOfMore = 3.291

/** @param members with their calls and weights; weights count only beside each other */
export function compareShares(members: { name: string; calls: number; weight: number }[]): Share[] {
  const calls = sum(members.map((member) => member.calls))
  const weights = sum(members.map(({ weight }) => weight))
  const z = members.length <= 2 ? zOfTwo : zOfMore
  return members.map(({ name, calls: own, weight }) => {
    const expected = weight / weights
    const actual = own / calls
    const [low, high] = wilson(actual, calls / clumping, z)
    return { name, calls: own, expected, actual, low, high, isOff: expected < low || expected > high }
  })
}

function wilson(share: number, calls: number, z: number): [low: number, high: number] {
  const square = (z * z) / calls
  const middle = (share + square / 2) / (1 + square)
  const reach = (z / (1 + square)) * Math.sqrt((share * (1 - share)) / calls + square / (4 * calls))
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)]
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

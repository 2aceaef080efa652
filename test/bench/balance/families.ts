import { between, type Chance, chanceOf, logUniform, whole } from './random.ts'
import type { Happening, LimiterKind, Member, Scenario } from './scenario.ts'

/** The eight families of trouble. A seed draws pool, load and trouble anew in each; with both limiters they are the same. */
const HOURS = 3
const MINUTES = HOURS * 60

type Trouble = (members: Member[], chance: Chance) => Partial<Happening>[]

const troubles = {
  steady: () => [],
  degrade: (members, chance) => [
    lasting(largestOf(members), between(40, 80, chance), between(40, 60, chance), { capacityFactor: 0.3 }),
  ],
  tenant: (members, chance) => {
    const member = anyOf(members, chance)
    const blocks: Partial<Happening>[] = []
    for (let minute = between(4, 15, chance); minute < MINUTES; minute += between(4, 15, chance)) {
      const minutes = between(4, 15, chance)
      blocks.push(lasting(member, minute, minutes, { capacityFactor: between(0.3, 0.8, chance) }))
      minute += minutes
    }
    return blocks
  },
  outage: (members, chance) => [
    lasting(anyOf(members, chance), between(40, 100, chance), between(15, 40, chance), {
      errorShare: between(0.5, 1, chance),
    }),
  ],
  ptu: () => [],
  wrongquota: () => [],
  flap: (members, chance) => {
    const member = anyOf(members, chance)
    const half = between(5, 10, chance)
    const happenings: Partial<Happening>[] = []
    for (let minute = between(10, 30, chance); minute < MINUTES; minute += 2 * half)
      happenings.push(lasting(member, minute, half, { capacityFactor: 0.3 }))
    return happenings
  },
  storm: (members, chance) =>
    Array.from({ length: whole(5, 7, chance) }, () =>
      lasting(
        anyOf(members, chance),
        between(10, 150, chance),
        between(10, 40, chance),
        chance() < 0.25
          ? { errorShare: between(0.5, 1, chance) }
          : { capacityFactor: between(0.2, 0.8, chance) },
      ),
    ),
} satisfies Record<string, Trouble>

export type Family = keyof typeof troubles
export const families = Object.keys(troubles) as Family[]

/** @param isBursty whether the trace is bursty: a bursty one is played at less load */
export function scenarioOf(
  family: Family,
  trace: string,
  isBursty: boolean,
  seed: number,
  limiter: LimiterKind,
): Scenario {
  const text = `${family}/${trace}/${seed}`
  const chance = chanceOf(text, 'scenario')
  const members = poolOf(family, chance)
  const happenings = troubles[family](members, chance)
  return {
    family,
    trace,
    seed: text,
    hours: HOURS,
    limiter,
    load: isBursty ? between(0.2, 0.45, chance) : between(0.45, 0.75, chance),
    members,
    happenings: happenings.map((each) => ({ ...CALM, ...each })),
  }
}

const CALM: Happening = { member: 0, fromMinute: 0, untilMinute: 0, capacityFactor: 1, errorShare: 0 }

function poolOf(family: Family, chance: Chance): Member[] {
  const count = whole(2, 8, chance)
  const members = Array.from({ length: count }, (_, index): Member => {
    const capacity = Math.round(logUniform(30_000, 450_000, chance))
    const misjudged = family === 'wrongquota' ? logUniform(1 / 3, 3, chance) : 1
    return {
      name: `backend-${index + 1}`,
      quotaTokensPerMinute: Math.round(capacity * misjudged),
      capacityTokensPerMinute: capacity,
      provisioned: false,
    }
  })
  if (family !== 'ptu') return members
  const provisioned = anyOf(members, chance)
  return members.map((member, index) => ({ ...member, provisioned: index === provisioned }))
}

const lasting = (member: number, fromMinute: number, minutes: number, what: Partial<Happening>) => ({
  member,
  fromMinute,
  untilMinute: fromMinute + minutes,
  ...what,
})
const anyOf = (members: Member[], chance: Chance) => whole(0, members.length - 1, chance)
const largestOf = (members: Member[]) =>
  members.reduce(
    (best, { capacityTokensPerMinute }, index) =>
      capacityTokensPerMinute > (members[best]?.capacityTokensPerMinute ?? 0) ? index : best,
    0,
  )

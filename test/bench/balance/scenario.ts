/** One run's world, as data: the pool, what befalls it, and how much is asked of it. Time is in minutes from the start. */
export type LimiterKind = 'minute' | 'tenSeconds'

export interface Member {
  name: string
  /** What the deployment says of itself: all that a controller knows. */
  quotaTokensPerMinute: number
  /** What it really takes, with nothing amiss. */
  capacityTokensPerMinute: number
  /** A PTU deployment: a bucket of 20 s, whatever the limiter of the others. */
  provisioned: boolean
}

/** From one minute to another a member takes a part of its capacity, or answers a part of its calls with 5xx. */
export interface Happening {
  member: number
  fromMinute: number
  untilMinute: number
  capacityFactor: number
  errorShare: number
}

export interface Scenario {
  family: string
  trace: string
  /** Text: everything that is drawn for this run is drawn from it. */
  seed: string
  hours: number
  limiter: LimiterKind
  /** Of the whole capacity, on average. */
  load: number
  members: Member[]
  happenings: Happening[]
  /** Percent of the group's traffic, by member. */
  bounds?: [number, number][]
}

/** What each member takes at that moment: the part it answers with 5xx is no capacity. */
export function capacitiesAt({ members, happenings }: Scenario, minute: number): number[] {
  return members.map(({ capacityTokensPerMinute }, member) => {
    const { factor, errors } = stateAt(happenings, member, minute)
    return capacityTokensPerMinute * factor * (1 - errors)
  })
}

/** Happenings that overlap multiply; of errors the worst counts. */
export function stateAt(happenings: Happening[], member: number, minute: number) {
  let factor = 1
  let errors = 0
  for (const each of happenings) {
    if (each.member !== member || minute < each.fromMinute || minute >= each.untilMinute) continue
    factor *= each.capacityFactor
    errors = Math.max(errors, each.errorShare)
  }
  return { factor, errors }
}

/** Moments at which something begins or ends, in minutes, in order. */
export const turnsOf = ({ happenings, hours }: Scenario): number[] =>
  [...new Set(happenings.flatMap(({ fromMinute, untilMinute }) => [fromMinute, untilMinute]))]
    .filter((minute) => minute > 0 && minute < hours * 60)
    .sort((one, other) => one - other)

/** Over the whole run, what each member took on average. */
export function meanCapacities(scenario: Scenario): number[] {
  const turns = [0, ...turnsOf(scenario), scenario.hours * 60]
  const sums = scenario.members.map(() => 0)
  for (const [index, from] of turns.slice(0, -1).entries()) {
    const length = (turns[index + 1] ?? from) - from
    for (const [member, capacity] of capacitiesAt(scenario, from).entries())
      sums[member] = (sums[member] ?? 0) + capacity * length
  }
  return sums.map((sum) => sum / (scenario.hours * 60))
}

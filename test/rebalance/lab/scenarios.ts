import type { Fault } from '../../../lab/azure-client.ts'

/** Situations of the reference pool (100k tokens a minute in the one region, 30k in the other), as data. */
export interface Scenario {
  name: string
  /** Length, and the part of the synthetic conversation trace that calls: × 1 asks for 3.5 times what the pool has. */
  minutes: number
  scale: number
  seed: number
  happenings: Happening[]
  /** The weights that follow what each member really takes, from a minute on; the last one that has begun counts. */
  ideal?: { fromMinute: number; shares: [eus: number, eus2: number] }[]
  /** A lasting drop, whose minutes of recovery are counted. */
  dropMinute?: number
  /** So many points more of the calls may fail than with static weights, for what nobody can know; usually 1.5, the benchmark's bar for the worst of all runs. */
  worsePoints?: number
}

export type Happening = { minute: number } & (
  | { fault: Fault; untilMinute: number }
  /** A stranger gives a deployment another capacity, by ARM. */
  | { capacity: number; account: string }
  /** A stranger sets weights. */
  | { weights: [eus: number, eus2: number] }
  /** A stranger gives the pool another description: drift, which repairs put back. */
  | { description: string }
  /** So many notices of throttling arrive at once. */
  | { alerts: number }
)

const metrics = 'microsoft\\.insights/metrics\\?|metrics:getBatch'
const region = 'contoso-eus\\.openai'
const shrunk = (share: number): Fault => ({
  match: { path: region, count: 'all' },
  do: { capacityShare: share },
})
const byQuota: [number, number] = [100 / 130, 30 / 130]
const usual = { scale: 0.15, seed: 5 }

/** Short enough for every run of the tests. */
export const drop: Scenario = {
  name: 'drop',
  ...usual,
  minutes: 40,
  happenings: [{ minute: 6, untilMinute: 40, fault: shrunk(0.3) }],
  dropMinute: 6,
  ideal: [
    { fromMinute: 0, shares: byQuota },
    { fromMinute: 6, shares: [0.5, 0.5] },
  ],
}

export const degrade: Scenario = {
  name: 'degrade',
  ...usual,
  minutes: 100,
  happenings: [{ minute: 20, untilMinute: 70, fault: shrunk(0.3) }],
  dropMinute: 20,
  ideal: [
    { fromMinute: 0, shares: byQuota },
    { fromMinute: 20, shares: [0.5, 0.5] },
    { fromMinute: 70, shares: byQuota },
  ],
}

export const outage: Scenario = {
  name: 'outage',
  ...usual,
  minutes: 70,
  happenings: [
    {
      minute: 20,
      untilMinute: 40,
      fault: { match: { plane: 'model', path: region, count: 'all' }, do: { status: 500 } },
    },
  ],
}

export const quotaHalved: Scenario = {
  name: 'quota halved',
  ...usual,
  minutes: 90,
  happenings: [{ minute: 20, account: 'contoso-eus', capacity: 50 }],
  dropMinute: 20,
  ideal: [
    { fromMinute: 0, shares: byQuota },
    { fromMinute: 20, shares: [50 / 80, 30 / 80] },
  ],
}

export const flap: Scenario = {
  name: 'flap',
  ...usual,
  minutes: 100,
  happenings: Array.from({ length: 5 }, (_, turn) => ({
    minute: 15 + turn * 15,
    untilMinute: 22 + turn * 15,
    fault: shrunk(0.3),
  })),
}

export const foreignEdit: Scenario = {
  name: 'foreign edit',
  ...usual,
  minutes: 28,
  // After the first sweep: what stands at the first look of all is nobody's edit.
  happenings: [
    { minute: 6, weights: [20, 80] },
    { minute: 7, untilMinute: 28, fault: shrunk(0.3) },
  ],
}

/** A day on, the hold is over. */
export const foreignEditExpires: Scenario = {
  ...foreignEdit,
  name: 'foreign edit, a day',
  scale: 0.02,
  minutes: 24 * 60 + 45,
  happenings: [{ minute: 6, weights: [20, 80] }],
}

export const blackout: Scenario = {
  name: 'metrics blackout',
  ...usual,
  worsePoints: 2.5,
  minutes: 160,
  happenings: [
    { minute: 5, untilMinute: 160, fault: shrunk(0.3) },
    {
      minute: 30,
      untilMinute: 120,
      fault: {
        match: { path: metrics, count: 'all' },
        do: { status: 503 },
      },
    },
  ],
}

export const storm: Scenario = {
  name: 'alert storm',
  ...usual,
  scale: 0.05,
  minutes: 30,
  happenings: [{ minute: 5, alerts: 1_000 }],
}

export const quiet: Scenario = { name: 'quiet', scale: 0.05, seed: 5, minutes: 120, happenings: [] }

/** Weights move while a repair puts back, again and again, what somebody changes of the same pool. */
export const repaired: Scenario = {
  name: 'repairs beside',
  ...usual,
  minutes: 180,
  happenings: [
    { minute: 20, untilMinute: 90, fault: shrunk(0.3) },
    { minute: 110, untilMinute: 150, fault: shrunk(0.3) },
    ...[12, 31, 47, 75, 96, 120, 140].map((minute) => ({ minute, description: `somebody’s, at ${minute}` })),
  ],
}

/** A day of whatever happens: regions that take less or fail, metrics with gaps or none, a gateway that will not take weights. */
export function soak(seed: number, hours: number): Scenario {
  let state = (seed % 2_147_483_646) + 1
  const draw = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  const regions = [region, 'contoso-eus2\\.openai'] as const
  const troubles: (() => Fault)[] = [
    () => ({
      match: { path: regions[draw() < 0.6 ? 0 : 1], count: 'all' },
      do: { capacityShare: 0.05 + 0.25 * draw() },
    }),
    () => ({
      match: { plane: 'model', path: regions[draw() < 0.6 ? 0 : 1], count: 'all', share: draw() },
      do: { status: 500 },
    }),
    () => ({ match: { path: metrics, count: 'all', share: 0.2 + 0.8 * draw() }, do: { status: 503 } }),
    () => ({ match: { path: metrics, count: 'all', share: 0.3 }, do: { reset: true } }),
    () => ({
      match: { method: 'PUT', path: '/backends/gpt-4o\\?', count: 'all', share: 0.5 },
      do: { status: [409, 412, 429, 503][Math.floor(4 * draw())] ?? 503 },
    }),
    () => ({
      match: { method: 'PUT', path: '/backends/gpt-4o\\?', count: 'all', share: 0.5 },
      do: { loseResponse: true },
    }),
    () => ({ match: { method: 'GET', path: '/backends', count: 'all', share: 0.3 }, do: { status: 500 } }),
  ]
  const happenings: Happening[] = []
  for (let minute = 10; minute < hours * 60 - 30; minute += 5 + Math.floor(30 * draw())) {
    const fault = troubles[Math.floor(troubles.length * draw())]?.()
    if (fault) happenings.push({ minute, untilMinute: minute + 5 + Math.floor(40 * draw()), fault })
  }
  return { name: `soak ${seed}`, minutes: hours * 60, scale: 0.06, seed, happenings }
}

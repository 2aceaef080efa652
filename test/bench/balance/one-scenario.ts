import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { arrivalsOf } from './arrivals.ts'
import { presets } from './gateway.ts'
import { lawAsWritten } from './law-as-written.ts'
import { ours } from './ours.ts'
import type { Write } from './outcome.ts'
import { peers } from './peers.ts'
import { play } from './play.ts'
import { delayedOracle, equal, perfectStatic, staticQuota, withoutDelay } from './references.ts'
import type { Scenario } from './scenario.ts'

/** A scenario that somebody wrote: docs/bench-balance.md has an example. */
const Written = z.strictObject({
  /** Tokens a minute, as declared, by member. */
  quotas: z.array(z.number().positive()).min(1).max(30),
  /** What they really take; the quotas, where it is not given. */
  capacities: z.array(z.number().positive()).optional(),
  /** Members, by number from 0, that are PTU deployments. */
  provisioned: z.array(z.int().nonnegative()).default([]),
  bounds: z.array(z.tuple([z.number().min(0).max(100), z.number().min(0).max(100)])).optional(),
  limiter: z.enum(['minute', 'tenSeconds']).default('minute'),
  preset: z.enum(['bare', 'retry', 'lab']).default('bare'),
  resetsBreakers: z.boolean().default(false),
  knowsQuotas: z.boolean().default(true),
  defect: z.enum(['missing', 'partial', 'blackout']).optional(),
  trace: z.string().default('conversation'),
  load: z.number().positive().max(3).default(0.6),
  events: z
    .array(
      z.strictObject({
        member: z.int().nonnegative(),
        fromMinute: z.number().nonnegative(),
        untilMinute: z.number().positive(),
        capacityFactor: z.number().min(0.01).max(10).default(1),
        errorShare: z.number().min(0).max(1).default(0),
      }),
    )
    .default([]),
  seed: z.union([z.string(), z.number()]).default(1),
  hours: z.number().positive().max(48).default(3),
})
type Written = z.infer<typeof Written>

export interface Told {
  controller: string
  failed: number
  failedPercent: number
  throttledAttempts: number
  writes: Write[]
}

/** @param given a path, or the JSON itself */
export function readScenario(given: string): Written {
  const written = Written.parse(JSON.parse(existsSync(given) ? readFileSync(given, 'utf8') : given))
  const count = written.quotas.length
  for (const [what, length] of [
    ['capacities', written.capacities?.length],
    ['bounds', written.bounds?.length],
  ] as const)
    if (length !== undefined && length !== count) throw new Error(`${what}: ${length} for ${count} quotas`)
  const unknown = [...written.provisioned, ...written.events.map(({ member }) => member)].find(
    (member) => member >= count,
  )
  if (unknown !== undefined) throw new Error(`there is no member ${unknown}: they are 0 to ${count - 1}`)
  return written
}

/** What every controller did there, on the same calls. */
export function tell(written: Written): { requests: number; told: Told[] } {
  const scenario = scenarioOf(written)
  const arrivals = arrivalsOf(scenario)
  const { resetsBreakers, knowsQuotas, defect } = written
  const how = {
    preset: presets[written.preset],
    resetsBreakers,
    knowsQuotas,
    ...(defect ? { defect } : {}),
  }
  const controllers = [
    ...['router' as const, withoutDelay, delayedOracle, perfectStatic, staticQuota, equal],
    ...[...peers, lawAsWritten, ours()],
  ]
  const told = controllers.map((controller): Told => {
    const { failed, throttledAttempts, writes } = play(scenario, arrivals, { ...how, controller })
    const name = controller === 'router' ? controller : controller.name
    const failedPercent = (100 * failed) / arrivals.count
    return { controller: name, failed, failedPercent, throttledAttempts, writes }
  })
  return { requests: arrivals.count, told }
}

function scenarioOf({ quotas, capacities, provisioned, events, bounds, ...rest }: Written): Scenario {
  const { trace, seed, hours, limiter, load } = rest
  return {
    ...{ family: 'written', trace, seed: String(seed), hours, limiter, load },
    members: quotas.map((quota, member) => ({
      name: `backend-${member}`,
      quotaTokensPerMinute: quota,
      capacityTokensPerMinute: capacities?.[member] ?? quota,
      provisioned: provisioned.includes(member),
    })),
    happenings: events,
    ...(bounds ? { bounds } : {}),
  }
}

export function printTold({ requests, told }: ReturnType<typeof tell>): void {
  console.log(`${requests} calls`)
  console.table(
    told.map(({ controller, failedPercent, throttledAttempts, writes }) => ({
      controller,
      'failed %': Number(failedPercent.toFixed(2)),
      '429 attempts': throttledAttempts,
      writes: writes.length,
    })),
  )
  const own = told.find(({ controller }) => controller === 'ours')
  for (const { at, weights, why } of own?.writes ?? [])
    console.log(`minute ${(at / 60).toFixed(1)}: ${weights.join(' ')}${why ? `: ${why}` : ''}`)
}

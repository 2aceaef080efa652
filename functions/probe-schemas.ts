import * as z from 'zod'
import { layers } from '../src/probes/probe.ts'

/** Shapes of the answers about probing. */

const time = z.iso.datetime()
const count = z.int().min(0)
const layer = z.enum(layers)

const verdict = z.strictObject({
  result: z.enum(['pass', 'fail', 'inconclusive']),
  reason: z.string(),
  why: z.string(),
  stoppedIn: layer.optional(),
  requestId: z.string().optional(),
  phases: z.array(z.strictObject({ name: z.string(), ms: z.number() })),
  trace: z.array(z.string()),
})

const probe = z.strictObject({
  key: z.string(),
  id: z.string(),
  title: z.string(),
  module: z.string(),
  layer,
  expect: z.enum(['works', 'fails']),
  vantage: z.enum(['inside', 'internet']),
  beat: z.enum(['network', 'models', 'agents']),
  stands: z.enum(['passing', 'failing', 'muted', 'inconclusive', 'never asked']),
  recent: z.string().regex(/^[pfmi]*$/),
  since: time.optional(),
  askedAt: time.optional(),
  ms: z.number().optional(),
  reason: z.string().optional(),
  why: z.string().optional(),
  behind: z.string().optional(),
  handedInBy: z.string().optional(),
})

export const Probes = z.strictObject({
  environment: z.string(),
  probes: z.array(probe),
  coverage: z.strictObject({ provable: count, covered: count, notProvable: count }),
  budget: z.strictObject({
    dollars: z.number(),
    runs: count,
    promptTokens: count,
    completionTokens: count,
    unpriced: z.array(z.string()),
  }),
  serviceLevels: z.array(
    z.strictObject({
      journey: z.string(),
      objectivePercent: z.number(),
      availabilityPercent: z.number().optional(),
      errorBudgetPercent: z.number().optional(),
      rounds: count,
      failed: count,
    }),
  ),
})

export const Probe = probe.extend({
  target: z.json(),
  needs: z.array(z.string()),
  proves: z.array(z.string()),
  suspects: z.array(z.string()),
  verdict: verdict.optional(),
  failures: z.array(z.strictObject({ at: time, behind: z.string().optional(), verdict })),
})

export const ProbeRan = z.strictObject({ probe: z.string(), verdict })

export const ProbesRan = z.strictObject({
  answers: z.array(z.strictObject({ probe: z.string(), verdict: verdict.optional() })),
})

export const VerdictsAccepted = z.strictObject({ accepted: count })

export const Incidents = z.strictObject({
  incidents: z.array(
    z.strictObject({
      id: z.string(),
      state: z.enum(['maintenance', 'fired', 'resolved']),
      cause: z.strictObject({
        key: z.string(),
        layer,
        resource: z.string().optional(),
        reason: z.string(),
        message: z.string(),
        remedy: z.string(),
        repair: z.strictObject({ resource: z.string(), class: z.string() }).optional(),
        roots: z.array(z.string()),
        muted: z.array(z.string()),
      }),
      openedAt: time,
      lastSeenAt: time,
      firedAt: time.optional(),
      resolvedAt: time.optional(),
      confirmedBy: z.enum(['control plane', 'another probe', 'asked again']),
      earlier: z.array(z.string()),
      repair: z
        .strictObject({
          resource: z.string(),
          class: z.string(),
          call: z.string(),
          decision: z.string().optional(),
        })
        .optional(),
      told: z.array(
        z.strictObject({
          is: z.enum(['fired', 'resolved']),
          at: time,
          logged: z.boolean(),
          acceptedAt: time.optional(),
          attempts: count,
          trouble: z.string().optional(),
        }),
      ),
    }),
  ),
})

export const Proof = z.strictObject({
  environment: z.string(),
  coverage: z.strictObject({
    provable: count,
    covered: count,
    percent: z.number(),
    uncovered: z.array(z.string()),
  }),
  resources: z.array(
    z.strictObject({
      resource: z.string(),
      is: z.enum(['proven', 'failing', 'stale', 'assigned, not proven']),
      why: z.string().optional(),
      since: time.optional(),
      ageSeconds: z.number().optional(),
      probes: z.array(z.string()),
    }),
  ),
})

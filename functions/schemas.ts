import * as z from 'zod'
import { Document } from '../src/environment/schema.ts'

/** Shapes of the API's answers. The route table names them, and the tests hold every answer against its own. */

const state = z.enum([
  'queued',
  'running',
  'awaiting-approval',
  'succeeded',
  'partial',
  'failed',
  'cancelled',
])
const time = z.iso.datetime()

const condition = z.strictObject({
  resource: z.string(),
  axis: z.enum(['Synced', 'Ready', 'Proven']),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string(),
  message: z.string(),
  since: time,
})

const step = z.strictObject({
  resource: z.string(),
  action: z.enum(['create', 'update', 'adopt', 'retry', 'remove']),
  changes: z.array(z.strictObject({ path: z.string(), before: z.json(), after: z.json() })),
  reason: z.string(),
  risk: z.enum(['safe', 'disruptive', 'destructive']),
  expectedMinutes: z.number(),
})

const remark = z.strictObject({ reason: z.string(), message: z.string() })

const change = z.strictObject({ path: z.string(), before: z.json(), after: z.json() })

export const Operation = z.strictObject({
  id: z.string(),
  environment: z.string(),
  kind: z.enum(['provision', 'repair', 'destroy']),
  state,
  createdAt: time,
  startedAt: time.optional(),
  finishedAt: time.optional(),
  cancelRequested: z.literal(true).optional(),
  planHash: z.string().optional(),
  approvedBy: z.string().optional(),
  steps: z.array(step),
  conditions: z.array(condition),
  error: remark.optional(),
  notice: remark.optional(),
  automatic: z.literal(true).optional(),
})

const summary = z.strictObject({
  name: z.string(),
  updatedAt: time,
  operation: z.strictObject({ id: z.string(), state }),
})

export const EnvironmentList = z.strictObject({ environments: z.array(summary) })

export const Environment = summary.extend({
  document: Document,
  documentHash: z.string(),
  conditions: z.array(condition),
  drift: z
    .strictObject({
      checkedAt: time,
      findings: z.array(
        z.strictObject({
          resource: z.string(),
          class: z.enum(['safe', 'person', 'never']),
          reason: z.string(),
          changes: z.array(change),
        }),
      ),
      unreadable: z.int(),
    })
    .optional(),
  protected: z.array(z.string()),
  leftBehind: z.array(z.string()),
  paused: z.array(z.strictObject({ resource: z.string(), reason: z.string(), by: z.string(), until: time })),
})

export const Plan = z.strictObject({
  environment: z.string(),
  documentHash: z.string(),
  hash: z.string(),
  steps: z.array(step),
  criticalPath: z.array(z.string()),
  adopted: z.array(z.string()),
  notes: z.array(z.strictObject({ about: z.string(), message: z.string() })),
  expectedMinutes: z.number(),
  unreadable: z.array(z.strictObject({ resource: z.string(), reason: z.string(), message: z.string() })),
})

const count = z.int().min(0)

export const Preflight = z.strictObject({
  environment: z.string(),
  documentHash: z.string(),
  summary: z.strictObject({ pass: count, warn: count, fail: count }),
  findings: z.array(
    z.strictObject({
      code: z.string(),
      result: z.enum(['PASS', 'WARN', 'FAIL']),
      message: z.string(),
      path: z.string().optional(),
      resource: z.string().optional(),
      remedy: z.string().optional(),
    }),
  ),
  unknown: z.array(z.strictObject({ code: z.string(), about: z.string(), reason: z.string() })),
})

export const Imported = z.strictObject({
  yaml: z.string(),
  document: Document.optional(),
  notes: z.array(
    z.strictObject({
      is: z.enum(['taken', 'existing', 'left out', 'assumed', 'unreadable', 'fault']),
      path: z.string().optional(),
      resource: z.string().optional(),
      message: z.string(),
      remedy: z.string().optional(),
    }),
  ),
  plan: Plan.optional(),
})

export const Audit = z.strictObject({
  environment: z.string(),
  findings: z.array(
    z.strictObject({
      id: z.string(),
      severity: z.enum(['costs calls', 'risk', 'note']),
      where: z.union([
        z.strictObject({ policy: z.string() }),
        z.strictObject({ pool: z.string() }),
        z.strictObject({ backend: z.string() }),
        z.strictObject({ service: z.string() }),
      ]),
      what: z.string(),
      figure: z.string().optional(),
      fix: z.string(),
      source: z.string(),
    }),
  ),
  unread: z.array(z.strictObject({ resource: z.string(), reason: z.string() })),
})

export const Alerts = z.strictObject({
  alerts: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(['throttling', 'health', 'other']),
      condition: z.enum(['fired', 'resolved']),
      rule: z.string(),
      severity: z.string(),
      firedAt: time,
      resolvedAt: time.optional(),
      recordedAt: time,
      targets: z.array(z.string()),
      environment: z.string().optional(),
      pool: z.string().optional(),
      backend: z.string().optional(),
      deployment: z.string().optional(),
      value: z.number().optional(),
      health: z.string().optional(),
      description: z.string().optional(),
    }),
  ),
  deadLetters: z.array(z.strictObject({ enqueuedAt: time, reason: z.string(), text: z.string() })),
})

const weights = z.record(z.string(), z.number())
const poolMode = z.enum(['off', 'shadow', 'auto'])

const decision = z.strictObject({
  id: z.string(),
  state: z.enum(['held', 'shadow', 'decided', 'written', 'lost', 'refused', 'not written']),
  at: time,
  until: time.optional(),
  times: count.optional(),
  reason: z.string().optional(),
  why: z.string(),
  evidence: z
    .strictObject({
      from: time,
      until: time,
      totals: z.record(
        z.string(),
        z.strictObject({
          total: z.number(),
          ok: z.number(),
          throttled: z.number(),
          errors: z.number(),
          tokens: z.number(),
        }),
      ),
    })
    .optional(),
  before: weights,
  after: weights.optional(),
  expected: z.string().optional(),
  etag: z.string().optional(),
  writtenAt: time.optional(),
  readBackAt: time.optional(),
  grade: z
    .strictObject({
      grade: z.enum(['helped', 'no difference', 'hurt', 'cannot tell']),
      why: z.string(),
      gradedAt: time,
    })
    .optional(),
})

export const Pools = z.strictObject({
  environment: z.string(),
  pools: z.array(
    z.strictObject({
      pool: z.string(),
      mode: poolMode,
      described: poolMode,
      because: z.string().optional(),
      lookedAt: time.optional(),
      members: z.array(
        z.strictObject({
          backend: z.string(),
          account: z.string(),
          priority: z.int(),
          share: z.number().optional(),
          shadowShare: z.number().optional(),
          quotaShare: z.number(),
          quotaTokensPerMinute: z.number().optional(),
          learnedTokensPerMinute: z.number().optional(),
          bounds: z.tuple([z.number(), z.number()]).optional(),
        }),
      ),
      episode: z
        .strictObject({
          since: time,
          because: z.string(),
          alertAt: time.optional(),
          busyAt: time.optional(),
        })
        .optional(),
      hold: z
        .strictObject({ reason: z.string(), message: z.string(), found: weights, since: time, until: time })
        .optional(),
      decisions: z.array(decision),
      shadowed: z.strictObject({ helped: count, 'no difference': count, hurt: count, 'cannot tell': count }),
    }),
  ),
})

export const Decisions = z.strictObject({
  environment: z.string(),
  pool: z.string(),
  decisions: z.array(decision),
})

export const Released = z.strictObject({ pool: z.string(), base: weights })

export const Paused = z.strictObject({ resource: z.string(), until: time })

export const Accepted = z.strictObject({ operation: z.string() })

export const Health = z.strictObject({ status: z.literal('ok') })

export const ProblemDetails = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  reason: z.string(),
  detail: z.string(),
  faults: z.array(z.strictObject({ path: z.string(), problem: z.string(), remedy: z.string() })).optional(),
})

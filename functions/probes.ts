import type { HttpResponseInit } from '@azure/functions'
import * as z from 'zod'
import type { Document } from '../src/environment/schema.ts'
import { layers, type Probe } from '../src/probes/probe.ts'
import { type Reason, reasons } from '../src/probes/reason.ts'
import { statesOf } from '../src/probing/count.ts'
import { handIn } from '../src/probing/hand-in.ts'
import { probeKey } from '../src/probing/keys.ts'
import { proofOf } from '../src/probing/proof.ts'
import { runAll, runOne } from '../src/probing/run-now.ts'
import { showProbe, showProbes } from '../src/probing/show.ts'
import { showIncidents } from '../src/probing/show-incidents.ts'
import { isAgentRun } from '../src/probing/tick.ts'
import { allEnvironments } from '../src/store/store.ts'
import type { App } from './app.ts'
import { now } from './clock.ts'
import { notFound, problem } from './problem.ts'
import type { Call, Handler } from './route.ts'

/** The doors of probing. What is asked comes from the document: of a request, only a probe's key or a layer is read. */

interface Described {
  document: Document
  probes: Probe[]
}

/** For an environment that is stored: its document and what is derived from it. */
const ofEnvironment =
  (answer: (described: Described, call: Call) => Promise<HttpResponseInit>): Handler =>
  async (call) => {
    const name = call.request.params['name'] ?? ''
    const stored = await call.app.store.environments.get(allEnvironments, name)
    if (!stored) return notFound(`environment named ${name}`)
    const { document } = stored.value
    return answer({ document, probes: call.app.probes.derive(document) }, call)
  }

const ofProbe = (
  answer: (described: Described & { probe: Probe }, call: Call) => Promise<HttpResponseInit>,
): Handler =>
  ofEnvironment(async (described, call) => {
    const key = call.request.params['probe'] ?? ''
    const probe = described.probes.find(({ id }) => probeKey(id) === key)
    return probe ? answer({ ...described, probe }, call) : notFound(`probe with the key ${key}`)
  })

/** `GET /api/environments/{name}/probes` */
export const getProbes = ofEnvironment(async ({ document, probes }, { app }) => {
  const coverage = app.probes.coverage(document, probes)
  return { jsonBody: await showProbes(app.store, document, probes, coverage, Date.now()) }
})

/** `GET /api/environments/{name}/probes/{key}`: one, with what it asks, its last verdict and its last failures. */
export const getProbe = ofProbe(async ({ document, probes, probe }, { app }) => ({
  jsonBody: await showProbe(app.store, document, probes, probe, Date.now()),
}))

const fromElsewhere = (probe: Probe) =>
  problem({
    status: 409,
    reason: 'other-vantage',
    detail: `${probe.id} is asked from the internet: ops probe NAME --vantage internet, from a machine outside.`,
  })

/** `POST /api/environments/{name}/probes/{key}/run`: asks it now, and counts nothing. */
export const runProbe = ofProbe(async ({ document, probe }, { app }) =>
  probe.vantage === 'internet'
    ? fromElsewhere(probe)
    : { jsonBody: { probe: probe.id, verdict: await runOne(app.probes, document, probe) } },
)

/** `POST /api/environments/{name}/probes/run?layer={layer}`: asks all of them now, or a layer; agents only when they are named. */
export const runProbes = ofEnvironment(async ({ document, probes }, { app, request }) => {
  const layer = z
    .enum(layers)
    .optional()
    .safeParse(request.query.get('layer') ?? undefined)
  if (!layer.success)
    return problem({
      status: 400,
      reason: 'unknown-layer',
      detail: `The layers are ${layers.join(', ')}. Nothing was asked.`,
    })
  const asked = probes.filter(
    (probe) =>
      probe.vantage === 'inside' &&
      (layer.data === undefined ? !isAgentRun(probe) : probe.layer === layer.data),
  )
  return { jsonBody: { answers: await runAll(app.probes, document, asked, Date.now()) } }
})

const milliseconds = z.number().min(0).max(3_600_000)
const phases = [
  'lookup',
  'connect',
  'tls',
  'token',
  'first byte',
  'first token',
  'rest',
  'arm',
  'work',
] as const

const Verdicts = z.strictObject({
  environment: z.string().optional(),
  vantage: z.literal('internet').optional(),
  verdicts: z
    .array(
      z.strictObject({
        probe: z.string().min(1).max(500),
        at: z.iso.datetime({ offset: true }),
        verdict: z.strictObject({
          result: z.enum(['pass', 'fail', 'inconclusive']),
          reason: z.enum(Object.keys(reasons) as Reason[]),
          why: z.string().max(2_000),
          stoppedIn: z.enum(layers).exactOptional(),
          requestId: z.string().max(200).exactOptional(),
          phases: z.array(z.strictObject({ name: z.enum(phases), ms: milliseconds })).max(50),
          trace: z.array(z.string().max(2_000)).max(100),
        }),
      }),
    )
    .min(1)
    .max(500),
})

/** `POST /api/environments/{name}/probes/verdicts`: takes what `ops probe --vantage internet` saw, as what the caller says it saw. */
export const submitVerdicts = ofEnvironment(async ({ document, probes }, { app, request, caller }) => {
  const body = Verdicts.safeParse(await request.json().catch(() => undefined))
  const { environment, verdicts } = body.data ?? {}
  if (!verdicts || (environment ?? document.name) !== document.name)
    return problem({
      status: 400,
      reason: 'invalid-verdicts',
      detail: `Send the file that ops probe ${document.name} --vantage internet writes. Nothing was kept.`,
    })
  const handed = verdicts.map(({ probe, at, verdict }) => ({ probe, atMs: Date.parse(at), verdict }))
  const problems = await handIn(app.store, document.name, probes, handed, caller?.id ?? '', now())
  if (problems.length === 0) return { status: 202, jsonBody: { accepted: handed.length } }
  return problem({
    status: 400,
    reason: 'verdicts-refused',
    detail: 'Some of the verdicts cannot be taken. Nothing was kept.',
    faults: problems.map(({ probe, problem: why }) => ({
      path: probe,
      problem: why,
      remedy: 'ask from outside again, then hand the new file in',
    })),
  })
})

/** `GET /api/environments/{name}/incidents` */
export const getIncidents = ofEnvironment(async ({ document }, { app }) => ({
  jsonBody: { incidents: await showIncidents(app.store, document.name) },
}))

/** `GET /api/environments/{name}/proof`: of each resource, whether it is proven, and how long ago. */
export const getProof = ofEnvironment(async ({ document }, { app }) => ({
  jsonBody: await proofIn(app, document),
}))

/** The third axis of an environment, as it is now. */
export async function proofIn({ store, probes, surroundings }: App, document: Document) {
  const [states, incidents] = await Promise.all([
    statesOf(store, document.name),
    store.incidents.list(document.name),
  ])
  return proofOf(probes, document, surroundings, states, incidents, Date.now())
}

import { parsedObject } from '../error-body.ts'
import type { Asking, Exchanged } from '../exchange.ts'
import type { Evidence, Targets } from '../probe.ts'
import type { Judged } from '../reason.ts'
import { judgeRefusal } from '../refusal.ts'
import type { Tools } from '../tools.ts'
import { halted, judged, type Module } from './module.ts'
import { signed } from './signed.ts'

/** By this name agents of probes are known, to whoever sees them in the portal and to the next run. */
const prefix = 'ops-probe-'
const orphanAfterMs = 3_600_000
const mostOrphans = 10
/** Cleaning up has a time of its own: what stopped the run must not stop it. */
const cleaningMs = 30_000

/** An agent's life: made, run once, deleted whatever happened; then what earlier runs left behind for an hour. */
export const agent: Module<'agent'> = async (target, tools, signal) => {
  const name = `${prefix}${tools.nowMs().toString(36)}-${Math.floor(tools.random() * 36 ** 4).toString(36)}`
  const evidence: Evidence = { phases: [], trace: [] }
  const project = projectOf(target, tools, evidence)
  let lived: Judged | undefined
  try {
    lived = await live(target, name, project, evidence, signal)
  } finally {
    const cleaning = AbortSignal.timeout(cleaningMs)
    const left = await remove(name, project, cleaning)
    await sweep(project, tools.nowMs(), evidence, cleaning)
    if (lived?.result === 'pass' && left !== undefined)
      lived = judged({ result: 'fail', reason: 'LeftBehind', why: left, stoppedIn: 'agent' }, evidence)
  }
  return lived
}

type Project = (
  step: string,
  asking: Pick<Asking, 'method' | 'body'> & { path: string },
  signal: AbortSignal,
) => Promise<Exchanged>

/** Calls of the project, each a phase of work, with its own lines in the trace. */
const projectOf =
  (target: Targets['agent'], tools: Tools, evidence: Evidence): Project =>
  async (step, { path, ...asking }, signal) => {
    const url = `${target.endpoint}${path}`
    const came = await signed({ ...asking, url, within: target.within }, target, 'agent', tools, signal)
    const ms = came.phases.reduce((sum, phase) => sum + phase.ms, 0)
    evidence.phases.push({ name: 'work', ms: Math.round(ms * 10) / 10 })
    evidence.trace.push(...came.trace.map((line) => `${step}: ${line}`))
    if (came.requestId) evidence.requestId = came.requestId
    return came
  }

async function live(
  { endpoint, model }: Targets['agent'],
  name: string,
  project: Project,
  evidence: Evidence,
  signal: AbortSignal,
): Promise<Judged> {
  const failed = (came: Exchanged) =>
    came.is === 'unanswered'
      ? halted(came, evidence)
      : judged(
          judgeRefusal({ ...came, host: new URL(endpoint).host, layer: 'agent', signed: true }),
          evidence,
        )
  const definition = { kind: 'prompt', model, instructions: 'Say ok, and nothing else.' }
  const made = await project(
    'create',
    { method: 'POST', path: `/agents/${name}/versions?api-version=v1`, body: { definition } },
    signal,
  )
  if (!succeeded(made)) return failed(made)
  const run = await project(
    'run',
    {
      method: 'POST',
      path: '/openai/v1/responses',
      body: { input: 'Say ok.', store: false, agent_reference: { type: 'agent_reference', name } },
    },
    signal,
  )
  const answer = succeeded(run)
  if (!answer) return failed(run)
  const status = String(parsedObject(answer.body)?.['status'])
  return status === 'completed' || status === 'incomplete'
    ? judged({ result: 'pass', reason: 'Works', why: `an agent on ${model} was made and ran` }, evidence)
    : judged(
        { result: 'fail', reason: 'WrongAnswer', why: `the agent’s run is ${status}`, stoppedIn: 'agent' },
        evidence,
      )
}

/** Undefined when it is gone, else why it is not. */
async function remove(name: string, project: Project, signal: AbortSignal): Promise<string | undefined> {
  const gone = await project('delete', { method: 'DELETE', path: `/agents/${name}?api-version=v1` }, signal)
  if (gone.is === 'unanswered') return `the agent ${name} could not be deleted: ${gone.why}`
  if (succeeded(gone) || gone.status === 404) return undefined
  return `deleting the agent ${name} was answered ${gone.status}`
}

async function sweep(
  project: Project,
  nowMs: number,
  evidence: Evidence,
  signal: AbortSignal,
): Promise<void> {
  const listed = await project('sweep', { method: 'GET', path: '/agents?api-version=v1&order=asc' }, signal)
  const agents = (parsedObject(succeeded(listed)?.body ?? '')?.['data'] ?? []) as Listed[]
  const orphans = agents.filter(
    ({ name, versions }) =>
      name.startsWith(prefix) && (versions?.latest?.created_at ?? Infinity) * 1000 < nowMs - orphanAfterMs,
  )
  for (const { name } of orphans.slice(0, mostOrphans)) {
    const left = await remove(name, project, signal)
    evidence.trace.push(left ?? `deleted ${name}, which an earlier run had left`)
  }
}

interface Listed {
  name: string
  versions?: { latest?: { created_at?: number } }
}

type Answered = Extract<Exchanged, { is: 'answered' }>
const succeeded = (came: Exchanged): Answered | undefined =>
  came.is === 'answered' && came.status >= 200 && came.status <= 299 ? came : undefined

import type { Observation } from '../../reconcile/observation.ts'
import { stopwatch } from '../phases.ts'
import type { Evidence } from '../probe.ts'
import type { Judgement } from '../reason.ts'
import { judged, type Module } from './module.ts'

/** The control plane shows a resource as the document describes it, or these paths of it. Values are named by path alone: they may be anybody's. */
export const fact: Module<'fact'> = async ({ resource, paths }, tools) => {
  const watch = stopwatch()
  const evidence: Evidence = { phases: watch.phases, trace: [] }
  const seen = await tools.observe(resource)
  watch.lap('arm')
  if (!seen) throw new Error(`the environment has no ${resource}`)
  evidence.trace.push(`${resource} is ${seen.state}`)
  return judged({ ...judge(resource, seen, paths), stoppedIn: 'control' }, evidence)
}

function judge(resource: string, seen: Observation, paths: string[] | undefined): Judgement {
  switch (seen.state) {
    case 'ready':
      return { result: 'pass', reason: 'AsDescribed', why: `${resource} is as described` }
    case 'missing':
      return { result: 'fail', reason: 'Missing', why: `${resource} is not there` }
    case 'drifted': {
      const departed = seen.changes
        .map(({ path }) => path)
        .filter((path) => paths?.some((one) => isBelow(path, one)) ?? true)
      return departed.length === 0
        ? {
            result: 'pass',
            reason: 'AsDescribed',
            why: `${resource} is as described in ${paths?.join(', ')}`,
          }
        : { result: 'fail', reason: 'Drifted', why: `${resource} is not as described in ${named(departed)}` }
    }
    case 'failed':
      return { result: 'fail', reason: 'ProvisioningFailed', why: `${resource} is ${seen.provisioning}` }
    case 'unknown':
      return {
        result: 'inconclusive',
        reason: 'Unreadable',
        why: `${resource}: ${seen.reason}: ${seen.message}`,
      }
    case 'settling':
      return { result: 'inconclusive', reason: 'Settling', why: `${resource} is ${seen.provisioning}` }
    case 'undecided':
      return { result: 'inconclusive', reason: 'Settling', why: `${resource} waits for ${seen.on}` }
  }
}

/** `properties.a` has `properties.a.b` and `properties.a[c]` below it; and a change may be of something above. */
const isBelow = (path: string, above: string) =>
  path === above ||
  path.startsWith(`${above}.`) ||
  path.startsWith(`${above}[`) ||
  above.startsWith(`${path}.`) ||
  above.startsWith(`${path}[`)

const named = (paths: string[]) =>
  paths.length > 3 ? `${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more` : paths.join(', ')

import type { DeploymentMinute } from '../balance/from-metrics.ts'
import { isIn, type Series, type Span } from './monitor-answers.ts'
import type { Question } from './monitor-query.ts'

/**
 * The two questions that are put to an account, and minutes of its deployments from what it says. Nothing is judged here: the newest minutes
 * are 0 until Azure fills them in (azure-facts 9.4), and how old is old enough is the caller's business.
 */

/**
 * By preference. OpenAI's own metrics come first; those of all model families stand in for deployments of which the first know nothing. They
 * cost no read of their own, since both have the dimensions asked for (azure-facts 9.1). `TokenTransaction` is prompt and answer in one
 * point, where two metrics could be seen at two times.
 */
const requests = ['AzureOpenAIRequests', 'ModelRequests']
const tokens = ['TokenTransaction', 'TotalTokens']
const utilisation = ['AzureOpenAIProvisionedManagedUtilizationV2', 'ProvisionedUtilization']
const namespace = 'Microsoft.CognitiveServices/accounts'

/** What was answered, by status and deployment. */
export const answersAsked = (span: Span): Question => ({
  namespace,
  names: requests,
  aggregations: ['Total'],
  filter: "StatusCode eq '*' and ModelDeploymentName eq '*'",
  span,
})

/** What it took, by deployment. */
export const loadAsked = (span: Span): Question => ({
  namespace,
  names: [...tokens, ...utilisation],
  aggregations: ['Total', 'Average'],
  filter: "ModelDeploymentName eq '*'",
  span,
})

/**
 * A row for each deployment and minute of which Azure says how it answered, by lower-case name. Without `tokens` or `utilisationPercent` where
 * Azure has no value for them: that is not 0.
 * @param answers what was said to the first question
 * @param load what was said to the second
 */
export function minutesIn(answers: Series[], load: Series[], span: Span): DeploymentMinute[] {
  const loads = Map.groupBy(load, deploymentOf)
  return [...Map.groupBy(answers, deploymentOf)].flatMap(([deployment, own]) => {
    // Calls that named no deployment there is are none's.
    if (deployment === '') return []
    const ofTokens = valuesOf(preferred(loads.get(deployment), tokens, 'total'), 'total')
    const ofUnits = valuesOf(preferred(loads.get(deployment), utilisation, 'average'), 'average')
    return [...statusesOf(preferred(own, requests, 'total'))].flatMap(([minuteMs, byStatus]) => {
      if (!isIn(minuteMs, span)) return []
      const [total, percent] = [ofTokens.get(minuteMs), ofUnits.get(minuteMs)]
      return {
        deployment,
        minuteMs,
        byStatus,
        ...(total === undefined ? {} : { tokens: total }),
        ...(percent === undefined ? {} : { utilisationPercent: percent }),
      }
    })
  })
}

const deploymentOf = ({ dimensions }: Series) => dimensions['modeldeploymentname']?.toLowerCase() ?? ''

/** Of metrics that tell the same, the series of the first that counted anything. */
function preferred(series: Series[] = [], metrics: string[], of: 'total' | 'average'): Series[] {
  const own = metrics.map((name) => series.filter(({ metric }) => metric === name))
  const counted = (some: Series[]) => some.some(({ points }) => points.some((point) => (point[of] ?? 0) > 0))
  return own.find(counted) ?? own.find((some) => some.length > 0) ?? []
}

function statusesOf(series: Series[]): Map<number, Record<string, number>> {
  const minutes = new Map<number, Record<string, number>>()
  for (const [status, own] of Map.groupBy(series, ({ dimensions }) => dimensions['statuscode'] ?? ''))
    for (const [minuteMs, count] of valuesOf(own, 'total'))
      minutes.set(minuteMs, { ...minutes.get(minuteMs), [status]: count })
  return minutes
}

/** By minute. Several series of one deployment (its name in several cases) add up. */
function valuesOf(series: Series[], of: 'total' | 'average'): Map<number, number> {
  const minutes = new Map<number, number>()
  for (const { points } of series)
    for (const { atMs, [of]: value } of points)
      if (value !== undefined) minutes.set(atMs, (minutes.get(atMs) ?? 0) + value)
  return minutes
}

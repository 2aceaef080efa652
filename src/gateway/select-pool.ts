import { code, csharp, element } from './element.ts'
import { set } from './failover.ts'
import type { PolicySpec } from './policy-spec.ts'
import type { XmlElement } from './xml.ts'

/** Which pool takes a call. With one pool nothing is asked; the operation and the deployment decide otherwise. */
export function selectPool(spec: PolicySpec): XmlElement {
  const choices = [
    ...(spec.stickyPool ? [when('context.Operation.Id.StartsWith("responses")', spec.stickyPool)] : []),
    ...(spec.routes ?? []).map(({ deployment, pool }) =>
      when(`(string)context.Variables["deployment"] == ${csharp(deployment)}`, pool),
    ),
  ]
  const usual = to(spec.pool)
  return choices.length === 0 ? usual : element('choose', {}, ...choices, element('otherwise', {}, usual))
}

/** For the inbound section: reads the deployment, where a route asks for it. */
export const readDeployment = (spec: PolicySpec): XmlElement[] =>
  spec.routes?.length ? [set('deployment', code(deployment))] : []

const to = (pool: string) => element('set-backend-service', { 'backend-id': pool })
const when = (condition: string, pool: string) => element('when', { condition: code(condition) }, to(pool))

/**
 * A pattern, not a JSON parser: a body that is no JSON must reach the model and come back as its 400, not as our 500. A prompt cannot
 * be taken for it, since quotes within a JSON string carry a backslash.
 */
const modelInBody = csharp('"model"\\s*:\\s*"([^"]+)"')
const deployment = [
  'context.Request.MatchedParameters.ContainsKey("deployment-id")',
  '? context.Request.MatchedParameters["deployment-id"]',
  ': context.Request.Body == null ? ""',
  `: Regex.Match(context.Request.Body.As<string>(true), ${modelInBody}).Groups[1].Value`,
].join(' ')

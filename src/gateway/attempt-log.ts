import { code, csharp, element } from './element.ts'
import { set, variable, when } from './failover.ts'
import { caller } from './limits.ts'
import type { PolicySpec } from './policy-spec.ts'
import type { XmlElement } from './xml.ts'

/**
 * One Event Hub event per backend attempt, retried ones included. An attempt without response may end the retry's body early, so it
 * is told by whoever comes next: the following try, or the last answer.
 */
export interface AttemptLog {
  beforeTries: XmlElement[]
  /** At the beginning of a try, and before an exhausted answer. */
  missing: XmlElement[]
  answered: XmlElement[]
}

export function attemptLog(spec: PolicySpec): AttemptLog {
  if (spec.form !== 'full' || spec.logger === undefined) return { beforeTries: [], missing: [], answered: [] }
  const logger = spec.logger
  const who = caller(spec)
  const common = [
    ['requestId', 'context.RequestId.ToString()'],
    ['api', 'context.Api.Id'],
    ['operation', 'context.Operation.Id'],
    ['caller', typeof who === 'object' ? who.code : csharp(String(who))],
    ['try', variable('tries')],
    ['elapsedMs', '(int)context.Elapsed.TotalMilliseconds'],
  ] as const
  const tell = (fields: readonly (readonly [string, string])[]) =>
    element(
      'log-to-eventhub',
      // A key, not a fixed partition: the attempts of one request stay in order, and the load is spread.
      { 'logger-id': logger, 'partition-key': code('context.RequestId.ToString()') },
      code(
        `new JObject(${fields.map(([name, value]) => `new JProperty(${csharp(name)}, ${value})`).join(', ')}).ToString()`,
      ),
    )
  const told = set('toldTries', code(variable('tries')))
  return {
    beforeTries: [set('toldTries', code('0'))],
    missing: [
      when(`${variable('toldTries')} < ${variable('tries')}`, tell([...common, ['status', '0']]), told),
    ],
    answered: [
      when(
        'context.Response != null',
        tell([
          ...common,
          ['status', 'context.Response.StatusCode'],
          ['host', 'context.Request.Url.Host'],
          ['region', 'context.Response.Headers.GetValueOrDefault("x-ms-region", "unknown")'],
          ['retryAfter', 'context.Response.Headers.GetValueOrDefault("Retry-After", "")'],
        ]),
        told,
      ),
    ],
  }
}

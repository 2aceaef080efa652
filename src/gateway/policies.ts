import { attemptLog } from './attempt-log.ts'
import { code, element } from './element.ts'
import { beforeTries, exhausted, header, retriesHeader, tries, unreachable } from './failover.ts'
import { limits } from './limits.ts'
import type { PolicySpec } from './policy-spec.ts'
import { readDeployment, selectPool } from './select-pool.ts'
import { writeXml, type XmlElement } from './xml.ts'

/**
 * The policy document of an API of the gateway, in format `xml`. It says how a call is admitted, signed, tried and answered; which
 * member of a pool takes it is the pool's affair, and how much each gets is the rebalancer's.
 */
export function apiPolicy(spec: PolicySpec): string {
  const log = attemptLog(spec)
  const requestId =
    spec.form === 'full' ? [header(spec.requestIdHeader, code('context.RequestId.ToString()'))] : []
  const atTheEnd = { first: log.missing, headers: requestId }
  return writeXml(
    element(
      'policies',
      {},
      element(
        'inbound',
        {},
        base(),
        ...admission(spec),
        ...(spec.form === 'full' ? limits(spec) : []),
        ...requestId,
        ...readDeployment(spec),
        ...signature(spec),
        ...beforeTries(),
        ...log.beforeTries,
      ),
      // No <base /> here: it would forward a second time.
      element('backend', {}, tries(spec, log.missing, selectPool(spec), log.answered)),
      element(
        'outbound',
        {},
        base(),
        exhausted(spec, atTheEnd),
        retriesHeader(spec),
        header(
          spec.headers.region,
          code('context.Response.Headers.GetValueOrDefault("x-ms-region", "unknown")'),
        ),
        ...requestId,
      ),
      element('on-error', {}, base(), unreachable(spec, atTheEnd)),
    ),
    'indented',
  )
}

const base = () => element('base')

/** Subscription keys are checked by API Management before any policy; an API for tokens has none, and checks a token instead. */
const admission = ({ admits }: PolicySpec): XmlElement[] =>
  admits === undefined
    ? []
    : [
        element(
          'validate-azure-ad-token',
          { 'tenant-id': admits.tenantId, 'header-name': 'Authorization', 'failed-validation-httpcode': 401 },
          ...(admits.caller === 'probe'
            ? [element('client-application-ids', {}, element('application-id', {}, admits.clientId))]
            : []),
          element('audiences', {}, element('audience', {}, admits.audience)),
          ...(admits.caller === 'agents' ? [ofProjects(admits.projects)] : []),
        ),
      ]

/** A managed identity's token names the resource it belongs to; Entra writes `resourcegroups` in lower case there. */
const ofProjects = (ids: string[]): XmlElement => {
  const spellings = ids.flatMap((id) => [id, id.replace('/resourceGroups/', '/resourcegroups/')])
  const values = [...new Set(spellings)].map((id) => element('value', {}, id))
  return element('required-claims', {}, element('claim', { name: 'xms_mirid', match: 'any' }, ...values))
}

/** The caller's key ends here, wherever it was written; the managed identity's token takes the caller's place. */
const signature = ({ audience }: PolicySpec): XmlElement[] => [
  element('authentication-managed-identity', { resource: audience, 'ignore-error': false }),
  element('set-header', { name: 'api-key', 'exists-action': 'delete' }),
  element('set-query-parameter', { name: 'api-key', 'exists-action': 'delete' }),
]

import type { Failure } from '../reconcile/outcome.ts'
import { isObject, type Json, type JsonObject } from '../resources/kind.ts'
import { modelDeployment } from '../resources/model-deployment.ts'
import type { Arm } from './arm.ts'

/** What a deployment may take, as Azure says it of the live one (azure-facts 7.7). */
export interface Quota {
  /** Absent: Azure names no limit, as for provisioned deployments. */
  tokensPerMinute?: number
  requestsPerMinute?: number
  provisioned: boolean
}

export type Quotas = { is: 'read'; deployments: Map<string, Quota> } | { is: 'unreadable'; failure: Failure }

/** Quotas of all deployments of an account, by lower-case name; one read. */
export async function readQuotas(arm: Arm, accountId: string): Promise<Quotas> {
  const listed = await arm.list(modelDeployment, `${accountId}/deployments`)
  if (listed.is === 'unreadable') return listed
  return {
    is: 'read',
    deployments: new Map(
      listed.bodies.map((body) => [String(body['name'] ?? '').toLowerCase(), quotaOf(body)]),
    ),
  }
}

function quotaOf({ sku, properties }: JsonObject): Quota {
  const name = isObject(sku) ? String(sku['name'] ?? '') : ''
  const given = isObject(properties) ? properties['rateLimits'] : undefined
  const rules = Array.isArray(given) ? given.filter(isObject) : []
  const tokensPerMinute = perMinute(rules, 'token')
  const requestsPerMinute = perMinute(rules, 'request')
  return {
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    // ProvisionedManaged, GlobalProvisionedManaged, DataZoneProvisionedManaged.
    provisioned: /provisioned/i.test(name),
  }
}

/** Of several limits on one thing (requests by ten seconds and by the minute) the tightest. */
function perMinute(rules: JsonObject[], key: string): number | undefined {
  const limits = rules
    .filter((rule) => rule['key'] === key)
    .map(({ count, renewalPeriod }) => (numberOf(count) * 60) / numberOf(renewalPeriod))
    .filter(Number.isFinite)
  return limits.length > 0 ? Math.min(...limits) : undefined
}

const numberOf = (value: Json | undefined) => (typeof value === 'number' ? value : Number.NaN)

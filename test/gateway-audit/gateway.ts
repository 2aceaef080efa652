import { readFileSync } from 'node:fs'
import type { DeploymentMinute } from '../../src/balance/from-metrics.ts'
import { backendBody } from '../../src/gateway/backends.ts'
import { apiPolicy } from '../../src/gateway/policies.ts'
import { audit } from '../../src/gateway-audit/audit.ts'
import type { GatewayMinute } from '../../src/gateway-audit/figures.ts'
import { type Finding, whereText } from '../../src/gateway-audit/finding.ts'
import type { LiveGateway } from '../../src/gateway-audit/live.ts'
import type { JsonObject } from '../../src/resources/kind.ts'
import { simple } from '../gateway/specs.ts'

/** A gateway as ARM shows it, made for one test: the service's own, two accounts of one quota, and what the test makes worse. */

const group = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-hub/providers'
const serviceId = `${group}/Microsoft.ApiManagement/service/gw`

export const service = (name = 'Premium', capacity = 1): JsonObject => ({
  id: serviceId,
  name: 'gw',
  sku: { name, capacity },
})

export const accountId = (name: string) => `${group}/Microsoft.CognitiveServices/accounts/${name}`

/** Deployments as `name: [sku, capacity, model]`. */
export const account = (name: string, deployments: Record<string, [string, number, string?]>) => ({
  account: { id: accountId(name), name, properties: { customSubDomainName: name } },
  deployments: Object.entries(deployments).map(([deployment, [sku, capacity, model = 'gpt-4o']]) => ({
    id: `${accountId(name)}/deployments/${deployment}`,
    name: deployment,
    sku: { name: sku, capacity },
    properties: { model: { name: model, version: '2024-11-20', format: 'OpenAI' } },
  })),
})

/** A backend as the service makes it, some of its properties replaced; its breaker's rule, too. */
export const backend = (name: string, properties: JsonObject = {}, rule: JsonObject = {}): JsonObject => {
  const [of = name] = name.split('--')
  const own = backendBody({ account: of, deployment: 'gpt-4o', subDomain: of }) as {
    properties: { circuitBreaker: { rules: JsonObject[] } }
  }
  return {
    id: `${serviceId}/backends/${name}`,
    name,
    properties: {
      ...own.properties,
      circuitBreaker: { rules: own.properties.circuitBreaker.rules.map((it) => ({ ...it, ...rule })) },
      ...properties,
    },
  }
}

/** The condition of a breaker: what counts, and how often. */
export const failures = (count: number, ...ranges: [min: number, max: number][]): JsonObject => ({
  failureCondition: {
    count,
    interval: 'PT10S',
    statusCodeRanges: ranges.map(([min, max]) => ({ min, max })),
  },
})

/** Members as `[backend, weight, priority]`. */
export const pool = (
  name: string,
  members: [backend: string, weight?: number, priority?: number][],
  rest: JsonObject = {},
): JsonObject => ({
  id: `${serviceId}/backends/${name}`,
  name,
  properties: {
    type: 'Pool',
    pool: {
      services: members.map(([of, weight, priority = 1]) => ({
        id: `${serviceId}/backends/${of}`,
        priority,
        ...(weight === undefined ? {} : { weight }),
      })),
      ...rest,
    },
  },
})

export const affinity: JsonObject = { sessionAffinity: { sessionId: { source: 'Cookie', name: 'stays' } } }

const ours = apiPolicy(simple)

/** A part of our own policy replaced; a test that replaces nothing is wrong. */
export function bent(...replacements: [from: string | RegExp, to: string][]): LiveGateway['policies'] {
  return [{ name: 'models', apiPath: 'openai', xml: replacements.reduce(replace, ours), wider: [] }]
}

function replace(text: string, [from, to]: [from: string | RegExp, to: string]): string {
  const changed = text.replace(from, to)
  if (changed === text) throw new Error(`the policy has no ${from}`)
  return changed
}

/** A policy whose backend section is this; the rest is ours. */
export const forwarding = (backendSection: string) =>
  bent([/<backend>[\s\S]*<\/backend>/, `<backend>${backendSection}</backend>`])

export const fixture = (name: 'simple' | 'full', apiPath = 'openai'): LiveGateway['policies'] => [
  {
    name: 'azure-openai',
    apiPath,
    xml: readFileSync(new URL(`policies/${name}.xml`, import.meta.url), 'utf8'),
    wider: [],
  },
]

export const sound: LiveGateway = {
  service: service(),
  policies: bent(),
  backends: [
    backend('east--gpt-4o'),
    backend('west--gpt-4o'),
    pool('gpt-4o', [
      ['east--gpt-4o', 100],
      ['west--gpt-4o', 100],
    ]),
  ],
  accounts: [
    account('east', { 'gpt-4o': ['GlobalStandard', 50] }),
    account('west', { 'gpt-4o': ['GlobalStandard', 50] }),
  ],
}

/** The sound one with some of its backends replaced, or others beside them. */
export const withBackends = (...changed: JsonObject[]): Partial<LiveGateway> => ({
  backends: [...sound.backends.filter((it) => !changed.some(({ id }) => id === it['id'])), ...changed],
})

/** `costs calls breaker-missing backend east--gpt-4o` */
export const lines = (findings: Pick<Finding, 'severity' | 'id' | 'where'>[]): string[] =>
  findings.map(({ severity, id, where }) => `${severity}: ${id}, ${whereText(where)}`)

export const found = (live: Partial<LiveGateway>): Finding[] => audit({ ...sound, ...live })

const NOW = Date.parse('2026-03-01T12:00:00Z')

/** As many minutes alike, one after the other. */
export const minutes = (count: number, ...each: Omit<GatewayMinute, 'minuteMs'>[]): GatewayMinute[] =>
  Array.from({ length: count }, (_, index) =>
    each.map((it) => ({ ...it, minuteMs: NOW + index * 60_000 })),
  ).flat()

/** Minutes of a deployment that all went alike. */
export const spent = (
  count: number,
  byStatus: Record<string, number>,
  tokens?: number,
  deployment = 'gpt-4o',
): DeploymentMinute[] =>
  Array.from({ length: count }, (_, index) => ({
    deployment,
    minuteMs: NOW + index * 60_000,
    byStatus,
    ...(tokens === undefined ? {} : { tokens }),
  }))

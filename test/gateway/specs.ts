import {
  type FullPolicy,
  type SimplePolicy,
  usualPolicy,
  usualRequestIdHeader,
} from '../../src/gateway/policy-spec.ts'

/** The documents that the golden files show: each option is in one of them. */

export const simple: SimplePolicy = { ...usualPolicy, form: 'simple', pool: 'gpt-4o' }

export const full: FullPolicy = {
  ...usualPolicy,
  form: 'full',
  pool: 'gpt-4o',
  requestIdHeader: usualRequestIdHeader,
  rateLimit: { calls: 100, windowSeconds: 60 },
  tokenLimit: { tokensPerMinute: 50_000 },
  logger: 'openai-usage-logger',
  tokenMetrics: 'contoso',
}

export const probe = {
  caller: 'probe' as const,
  tenantId: '11111111-1111-1111-1111-111111111111',
  clientId: '22222222-2222-2222-2222-222222222222',
  audience: 'https://cognitiveservices.azure.com',
}

export const agents = {
  caller: 'agents' as const,
  tenantId: probe.tenantId,
  audience: probe.audience,
  projects: [
    '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-contoso-ai/providers/Microsoft.CognitiveServices/accounts/contoso-eus/projects/main',
  ],
}

export const documents = {
  simple,
  full,
  'simple-probe': { ...simple, admits: probe },
  'simple-agents': { ...simple, admits: agents },
  'full-probe': { ...full, admits: probe },
  'simple-routed': {
    ...simple,
    stickyPool: 'gpt-4o-responses',
    routes: [{ deployment: 'text-embedding-3-large', pool: 'text-embedding-3-large' }],
  },
}

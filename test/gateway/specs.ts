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
  tenantId: '11111111-1111-1111-1111-111111111111',
  clientId: '22222222-2222-2222-2222-222222222222',
  audience: 'https://cognitiveservices.azure.com',
}

export const documents = {
  simple,
  full,
  'simple-probe': { ...simple, probe },
  'full-probe': { ...full, probe },
  'simple-routed': {
    ...simple,
    stickyPool: 'gpt-4o-responses',
    routes: [{ deployment: 'text-embedding-3-large', pool: 'text-embedding-3-large' }],
  },
}

export type Section = 'inbound' | 'backend' | 'outbound' | 'on-error'
export const SECTIONS: readonly string[] = ['inbound', 'backend', 'outbound', 'on-error'] satisfies Section[]

export type Word = {
  /** Where it may stand; default: in every section. */
  in?: Section[]
  required?: string[]
  /** Of these exactly one. */
  oneOf?: string[]
  values?: Record<string, RegExp>
}

const WHOLE = /^\d+$/
const BOOLEAN = /^(true|false)$/i

const TOKEN_LIMIT: Word = { in: ['inbound'], required: ['counter-key', 'estimate-prompt-tokens'] }
const TOKEN_METRIC: Word = { in: ['inbound'] }

/** azure-facts 6.2: what the lab checks. Policies that are not listed pass as they are. */
export const VOCABULARY: Record<string, Word> = {
  'authentication-managed-identity': { in: ['inbound'], required: ['resource'] },
  'set-header': { required: ['name'], values: { 'exists-action': /^(override|skip|append|delete)$/ } },
  'set-backend-service': { in: ['inbound', 'backend'], oneOf: ['backend-id', 'base-url'] },
  'forward-request': { in: ['backend'], values: { timeout: WHOLE } },
  retry: {
    required: ['condition', 'count', 'interval'],
    values: { count: /^([1-9]|[1-4]\d|50)$/, interval: WHOLE },
  },
  'rate-limit-by-key': {
    in: ['inbound'],
    required: ['calls', 'renewal-period', 'counter-key'],
    values: { 'renewal-period': /^([1-9]|[1-9]\d|[12]\d\d|300)$/ },
  },
  'quota-by-key': { in: ['inbound'], required: ['renewal-period', 'counter-key'] },
  'llm-token-limit': { ...TOKEN_LIMIT, values: { 'estimate-prompt-tokens': BOOLEAN } },
  'azure-openai-token-limit': { ...TOKEN_LIMIT, values: { 'estimate-prompt-tokens': BOOLEAN } },
  'llm-emit-token-metric': TOKEN_METRIC,
  'azure-openai-emit-token-metric': TOKEN_METRIC,
  'log-to-eventhub': { required: ['logger-id'] },
  'validate-azure-ad-token': { in: ['inbound'], required: ['tenant-id'] },
  'send-request': { required: ['response-variable-name'], values: { mode: /^(new|copy)$/ } },
  'set-variable': { required: ['name', 'value'] },
  'include-fragment': { required: ['fragment-id'] },
}

/** The only policies, fragments apart, that may stand in on-error. */
export const IN_ON_ERROR = [
  'choose',
  'set-variable',
  'find-and-replace',
  'return-response',
  'set-header',
  'set-body',
  'set-method',
  'set-status',
  'send-request',
  'send-one-way-request',
  'log-to-eventhub',
  'json-to-xml',
  'xml-to-json',
  'limit-concurrency',
  'mock-response',
  'retry',
  'trace',
  'base',
  'include-fragment',
]

/** What stands inside these is theirs: the section they stand in says nothing about it. */
export const OWN_WORLD = ['send-request', 'send-one-way-request', 'return-response']

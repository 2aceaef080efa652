import { canonicalPolicy } from '../gateway/canonical-policy.ts'
import { readXml, type XmlElement } from '../gateway/xml.ts'

/** What a policy of an API says that a document can say too. */
export interface ReadPolicy {
  /** Names of the backends it sends calls to, in its order; the last one takes what no condition names. */
  backends: string[]
  tokensPerMinute: number | undefined
  rateLimit: { calls: number; windowSeconds: number } | undefined
  logsToEventHub: boolean
}

/** @throws for what is not a policy document */
export function readPolicy(xml: string): ReadPolicy {
  const all = everyElement(readXml(canonicalPolicy(xml)))
  const named = (...names: string[]) => all.filter(({ name }) => names.includes(name))
  const [tokens] = named('llm-token-limit', 'azure-openai-token-limit')
  const [rate] = named('rate-limit-by-key')
  const calls = numberIn(rate, 'calls')
  const windowSeconds = numberIn(rate, 'renewal-period')
  return {
    backends: named('set-backend-service').flatMap((it) => attribute(it, 'backend-id') ?? []),
    tokensPerMinute: numberIn(tokens, 'tokens-per-minute'),
    rateLimit: calls && windowSeconds ? { calls, windowSeconds } : undefined,
    logsToEventHub: named('log-to-eventhub').length > 0,
  }
}

const everyElement = (element: XmlElement): XmlElement[] => [
  element,
  ...element.children.flatMap((child) => (typeof child === 'string' ? [] : everyElement(child))),
]

const attribute = (element: XmlElement | undefined, name: string): string | undefined =>
  element?.attributes.find(([own]) => own === name)?.[1]

/** A policy may have an expression where a number stands here. */
function numberIn(element: XmlElement | undefined, name: string): number | undefined {
  const text = attribute(element, name)
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

import type { XmlElement } from '../gateway/xml.ts'
import { isSameName } from '../preflight/words.ts'
import { codeOf } from './condition.ts'
import { type EffectivePolicy, effectivePolicy, isOpaque } from './effective-policy.ts'
import { attribute, childrenOf, named } from './elements.ts'
import type { LiveGateway, LivePolicy } from './live.ts'
import type { Pool } from './pool-view.ts'

/** A policy as an audit sees it: which pools it sends calls to, and how. */
export interface Policy {
  name: string
  apiPath: string
  sections: EffectivePolicy
  /** Those its calls can end in, where their names stand there. */
  pools: Pool[]
  forwards: Forward[]
  /** Parts that decide something and cannot be read. */
  unclear: string[]
}

export interface Forward {
  element: XmlElement
  /** The nearest around it. */
  retry?: XmlElement
  /** Each try chooses a backend anew. */
  choosesAgain: boolean
}

/** @returns why, for what is no policy document */
export function policyView(policy: LivePolicy, live: LiveGateway, pools: Pool[]): Policy | string {
  let sections: EffectivePolicy
  try {
    sections = effectivePolicy(policy, live.fragments)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  const choices = [sections.inbound, sections.backend].flatMap((it) => named(it, 'set-backend-service'))
  const ids = choices.flatMap((it) => attribute(it, 'backend-id') ?? [])
  const names = ids.map(literal)
  const forwards = forwardsIn(sections.backend)
  const chosen = pools.filter(({ name }) => names.some((it) => it !== undefined && isSameName(it, name)))
  return {
    name: policy.name,
    apiPath: policy.apiPath,
    sections,
    pools: chosen,
    forwards,
    unclear: [
      ...ids.filter((_, index) => names[index] === undefined).map((id) => `which backend ${short(id)} names`),
      ...(chosen.length > 0 && forwards.length === 0 && isOpaque(sections.backend)
        ? ['how it forwards: that stands in a wider scope or a fragment that was not read']
        : []),
    ],
  }
}

/** A text as it stands, or the C# string literal it is; undefined for what is worked out for each call. */
function literal(text: string): string | undefined {
  if (text.includes('{{')) return undefined
  if (!text.startsWith('@')) return text
  return /^"([^"\\]*)"$/.exec(codeOf(text)?.trim() ?? '')?.[1]
}

export const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text)

function forwardsIn(element: XmlElement, retry?: XmlElement): Forward[] {
  return childrenOf(element).flatMap((child) => {
    if (child.name === 'forward-request')
      return [
        {
          element: child,
          ...(retry ? { retry } : {}),
          choosesAgain: named(retry, 'set-backend-service').length > 0,
        },
      ]
    return forwardsIn(child, child.name === 'retry' ? child : retry)
  })
}

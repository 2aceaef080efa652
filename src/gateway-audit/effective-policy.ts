import { canonicalPolicy } from '../gateway/canonical-policy.ts'
import { readXml, type XmlElement } from '../gateway/xml.ts'
import { attribute, childrenOf, named } from './elements.ts'
import type { LiveGateway, LivePolicy } from './live.ts'

/** What a call runs through: a policy with the wider scopes in the place of `<base />`, and fragments in theirs (azure-facts 6.1). */
export interface EffectivePolicy {
  inbound: XmlElement
  backend: XmlElement
  outbound: XmlElement
  'on-error': XmlElement
}
type Section = keyof EffectivePolicy

const none = (name: string): XmlElement => ({ name, attributes: [], children: [] })

/** Where no scope says how to forward, API Management does it plainly. */
const plainly: EffectivePolicy = {
  inbound: none('inbound'),
  backend: { ...none('backend'), children: [none('forward-request')] },
  outbound: none('outbound'),
  'on-error': none('on-error'),
}

const unread: EffectivePolicy = {
  inbound: { ...none('inbound'), children: [none('base')] },
  backend: { ...none('backend'), children: [none('base')] },
  outbound: { ...none('outbound'), children: [none('base')] },
  'on-error': { ...none('on-error'), children: [none('base')] },
}

/** @throws for what is no policy document */
export function effectivePolicy(
  { xml, wider }: LivePolicy,
  fragments: LiveGateway['fragments'],
): EffectivePolicy {
  const around = wider ? wider.reduceRight((outer, scope) => within(outer, read(scope)), plainly) : unread
  const policy = within(around, read(xml))
  const filled = (section: Section) => withFragments(policy[section], fragments, 5)
  return {
    inbound: filled('inbound'),
    backend: filled('backend'),
    outbound: filled('outbound'),
    'on-error': filled('on-error'),
  }
}

/** Whether something in it was not read: then what is missing from it may be there all the same. */
export const isOpaque = (section: XmlElement): boolean =>
  named(section, 'base', 'include-fragment').length > 0

const read = (xml: string): XmlElement => readXml(canonicalPolicy(xml))

function within(outer: EffectivePolicy, policy: XmlElement): EffectivePolicy {
  const section = (name: Section): XmlElement => {
    const own = childrenOf(policy).find((it) => it.name === name)
    return own
      ? replaced(own, ({ name: child }) => (child === 'base' ? outer[name].children : undefined))
      : outer[name]
  }
  return {
    inbound: section('inbound'),
    backend: section('backend'),
    outbound: section('outbound'),
    'on-error': section('on-error'),
  }
}

/** Fragments may include others; one that includes itself ends somewhere. */
const withFragments = (element: XmlElement, fragments: LiveGateway['fragments'], depth: number): XmlElement =>
  replaced(element, (it) => {
    const xml =
      it.name === 'include-fragment' && depth > 0
        ? fragments?.get(attribute(it, 'fragment-id') ?? '')
        : undefined
    return xml === undefined ? undefined : withFragments(read(xml), fragments, depth - 1).children
  })

/** The tree with some elements replaced by others, wherever they stand. */
const replaced = (
  element: XmlElement,
  by: (element: XmlElement) => XmlElement['children'] | undefined,
): XmlElement => ({
  ...element,
  children: element.children.flatMap((child) =>
    typeof child === 'string' ? [child] : (by(child) ?? [replaced(child, by)]),
  ),
})

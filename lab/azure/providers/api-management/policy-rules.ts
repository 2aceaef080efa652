import { expressionEnd } from './expressions.ts'
import { type Element, elementsOf, isElement, type Node } from './policy-tree.ts'
import { IN_ON_ERROR, OWN_WORLD, SECTIONS, type Section, VOCABULARY } from './policy-vocabulary.ts'

export type Scope = 'service' | 'product' | 'api' | 'operation'
export type PolicyFault = { target: string; message: string }

const fault = ({ name, line, column }: Element, why: string): PolicyFault => ({
  target: name,
  message: `Error in element '${name}' on line ${line}, column ${column}: ${why}`,
})

/** What a document says that no gateway would take. What it refers to is another matter: policy-references.ts. */
export function policyFaults(root: Element, scope: Scope): PolicyFault[] {
  if (root.name !== 'policies') return [fault(root, "The root element must be 'policies'.")]
  const sections = elementsOf(root)
  return [
    ...sections.flatMap((section, index) => sectionFaults(section, sections.slice(0, index), scope)),
    ...textFaults(root),
    ...forwardFaults(root),
  ]
}

export function fragmentFaults(root: Element): PolicyFault[] {
  if (root.name !== 'fragment') return [fault(root, "The root element must be 'fragment'.")]
  return descendants(root).flatMap((element) => {
    if (element.name === 'base' || SECTIONS.includes(element.name))
      return [fault(element, 'It is not allowed in a policy fragment.')]
    return [...wordFaults(element), ...expressionFaults(element)]
  })
}

function sectionFaults(section: Element, earlier: Element[], scope: Scope): PolicyFault[] {
  if (!SECTIONS.includes(section.name))
    return [fault(section, `Unknown policy section. Expected: ${SECTIONS.join(', ')}.`)]
  const policies = elementsOf(section)
  return [
    ...(earlier.some(({ name }) => name === section.name)
      ? [fault(section, 'The section is there twice.')]
      : []),
    ...(section.name === 'backend' && policies.length > 1
      ? [fault(section, 'The backend section takes a single policy element.')]
      : []),
    ...baseFaults(section, policies, scope),
    ...policies.flatMap((policy) => placed(policy, section.name as Section)),
  ]
}

/** `<base />` stands for the wider scope: once, at the top of a section, and never where no scope is wider. */
function baseFaults(section: Element, policies: Element[], scope: Scope): PolicyFault[] {
  const top = policies.filter(({ name }) => name === 'base')
  return descendants(section)
    .filter(({ name }) => name === 'base')
    .flatMap((base) => {
      if (scope === 'service') return [fault(base, 'Policy is not allowed in the specified scope.')]
      if (!top.includes(base)) return [fault(base, 'It must stand directly in a policy section.')]
      if (base !== top[0]) return [fault(base, 'It may stand only once in a section.')]
      return base.attributes.size || base.children.length
        ? [fault(base, 'It has neither attributes nor content.')]
        : []
    })
}

function placed(policy: Element, section: Section): PolicyFault[] {
  const word = VOCABULARY[policy.name]
  const isMisplaced =
    (word?.in && !word.in.includes(section)) ||
    (section === 'on-error' && policy.name in VOCABULARY && !IN_ON_ERROR.includes(policy.name))
  const inside = OWN_WORLD.includes(policy.name)
    ? descendants(policy).flatMap((element) => [...wordFaults(element), ...expressionFaults(element)])
    : elementsOf(policy).flatMap((child) => placed(child, section))
  return [
    ...(isMisplaced ? [fault(policy, 'Policy section is not allowed in the specified scope')] : []),
    ...wordFaults(policy),
    ...expressionFaults(policy),
    ...inside,
  ]
}

function wordFaults(element: Element): PolicyFault[] {
  const { required = [], oneOf = [], values = {} } = VOCABULARY[element.name] ?? {}
  const given = [...element.attributes.keys()]
  const missing = required.filter((name) => !given.includes(name))
  const chosen = oneOf.filter((name) => given.includes(name))
  const bad = Object.entries(values).filter(([name, pattern]) => {
    const value = element.attributes.get(name)
    return value !== undefined && !/^@[({]|\{\{/.test(value) && !pattern.test(value)
  })
  return [
    ...missing.map((name) => fault(element, `Required attribute '${name}' is missing.`)),
    ...(oneOf.length && chosen.length !== 1
      ? [fault(element, `Exactly one of the attributes ${oneOf.join(', ')} is required.`)]
      : []),
    ...bad.map(([name]) =>
      fault(element, `The '${name}' attribute is invalid - '${element.attributes.get(name)}'.`),
    ),
  ]
}

/** An expression has to end where its value ends. */
function expressionFaults(element: Element): PolicyFault[] {
  const texts = element.children.flatMap((child) => ('text' in child ? [child.text.trim()] : []))
  return [...element.attributes.values(), ...texts]
    .filter((value) => /^@[({]/.test(value) && expressionEnd(value, 0) !== value.length)
    .map((value) => fault(element, `Expression is not closed or followed by text: ${value.slice(0, 40)}`))
}

const textFaults = (root: Element): PolicyFault[] =>
  [root, ...elementsOf(root)]
    .filter(({ children }) => children.some((child) => hasText(child)))
    .map((element) => fault(element, `The element '${element.name}' cannot contain text.`))

const hasText = (node: Node) => 'text' in node && node.text.replace(/\{\{[^}]*\}\}/g, '').trim() !== ''

const forwardFaults = (root: Element): PolicyFault[] =>
  descendants(root)
    .filter(({ name }) => name === 'forward-request')
    .slice(1)
    .map((second) => fault(second, 'A document takes one forward-request.'))

export const descendants = ({ children }: Element): Element[] =>
  children.filter(isElement).flatMap((element) => [element, ...descendants(element)])

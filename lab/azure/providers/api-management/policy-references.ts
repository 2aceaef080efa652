import type { Azure } from '../../arm/azure.ts'
import { keyOf } from '../../arm/ids.ts'
import type { Reference } from '../../arm/kind.ts'
import { SERVICE, serviceIdOf } from './entity.ts'
import { descendants, type PolicyFault } from './policy-rules.ts'
import type { Element } from './policy-tree.ts'

/** Attributes that name another entity of the service. An expression is known to the gateway alone. */
const POINTERS = [
  { element: 'set-backend-service', attribute: 'backend-id', in: 'backends', called: 'Backend' },
  { element: 'log-to-eventhub', attribute: 'logger-id', in: 'loggers', called: 'Logger' },
  { element: 'include-fragment', attribute: 'fragment-id', in: 'policyFragments', called: 'Policy fragment' },
]

type Named = { element: Element; id: string; missing: string }

function namedIn(root: Element, policyId: string): Named[] {
  return [root, ...descendants(root)].flatMap((element) =>
    POINTERS.flatMap(({ element: name, attribute, in: collection, called }) => {
      const value = element.name === name ? element.attributes.get(attribute) : undefined
      if (!value || /^@[({]|\{\{/.test(value)) return []
      const id = `${serviceIdOf(policyId)}/${collection}/${value}`
      return [{ element, id, missing: `${called} with id '${value}' could not be found.` }]
    }),
  )
}

type Placeholder = { element: Element; displayName: string }

/** `{{name}}`, wherever it stands. */
const placeholdersIn = (root: Element): Placeholder[] =>
  [root, ...descendants(root)].flatMap((element) => {
    const texts = element.children.flatMap((child) => ('text' in child ? [child.text] : []))
    return [...element.attributes.values(), ...texts]
      .flatMap((value) => [...value.matchAll(/\{\{([A-Za-z0-9-._]+)\}\}/g)])
      .map(([, displayName = '']) => ({ element, displayName }))
  })

const valuesOf = (policyId: string, azure: Azure) =>
  azure.children(serviceIdOf(policyId), `${SERVICE}/namedValues`)

/** A named value by the name that placeholders use. */
export const valueNamed = (displayName: string, of: string, azure: Azure) =>
  valuesOf(of, azure).find(
    ({ properties }) => keyOf(String(properties['displayName'])) === keyOf(displayName),
  )

export function missingReferences(root: Element, policyId: string, azure: Azure): PolicyFault[] {
  const faults = [
    ...namedIn(root, policyId)
      .filter(({ id }) => !azure.find(id))
      .map(({ element, missing }) => ({ element, target: element.name, why: missing })),
    ...placeholdersIn(root)
      .filter(({ displayName }) => !valueNamed(displayName, policyId, azure))
      .map(({ element, displayName }) => ({
        element,
        target: displayName,
        why: `Cannot find a property '${displayName}'`,
      })),
  ]
  return faults.map(({ element: { name, line, column }, target, why }) => ({
    target,
    message: `Error in element '${name}' on line ${line}, column ${column}: ${why}`,
  }))
}

export function referencesIn(root: Element, policyId: string, azure: Azure): Reference[] {
  const wanted = new Set(placeholdersIn(root).map(({ displayName }) => keyOf(displayName)))
  const values = valuesOf(policyId, azure).filter(({ properties }) =>
    wanted.has(keyOf(String(properties['displayName']))),
  )
  return [...namedIn(root, policyId).map(({ id }) => id), ...values.map(({ id }) => id)].map((to) => ({
    to,
    as: 'policies',
  }))
}

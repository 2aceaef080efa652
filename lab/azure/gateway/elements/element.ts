import type { Element } from '../../providers/api-management/policy-tree.ts'
import { elementsOf } from '../../providers/api-management/policy-tree.ts'
import type { Section } from '../../providers/api-management/policy-vocabulary.ts'
import { compileExpression, type Expression } from '../expressions/compile.ts'
import { text, type Value } from '../expressions/values.ts'
import { NotSimulated } from '../problems.ts'
import type { Running, Step } from '../running.ts'

export type Scope = 'global' | 'product' | 'api' | 'operation'

/** Where an element stands, and where what is not played is noted. */
export type Compiling = {
  scope: Scope
  section: Section
  /** What set-header and set-body work on. */
  into: 'request' | 'response'
  unplayed: string[]
  /** Compiles what stands inside. */
  compile(elements: Element[], compiling: Compiling): Step
}

/** From an element as it is written to a step. @throws NotSimulated for what it says and the lab does not play */
export type Compile = (element: Element, compiling: Compiling) => Step

/** An attribute or a text: an expression, or the text itself. */
export function readValue(source: string): Expression {
  const trimmed = source.trim()
  return /^@[({]/.test(trimmed) ? compileExpression(trimmed) : () => source
}

/**
 * The attributes of an element by their names; every one that is there must be named here.
 * @throws NotSimulated for others
 */
export function attributesOf<Name extends string>(
  { name: element, attributes }: Element,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  for (const name of attributes.keys())
    if (!(names as readonly string[]).includes(name)) throw new NotSimulated(`${element} with ${name}`)
  return Object.fromEntries(attributes) as Partial<Record<Name, string>>
}

/** An attribute as text, whatever type its expression has. */
export function textOf(source: string): (run: Running) => string {
  const value = readValue(source)
  return (run) => text(value(run))
}

/** An attribute that is a number. */
export function numberOf(source: string, of: string): (run: Running) => number {
  const value = readValue(source)
  return (run) => {
    const found = value(run)
    const number = typeof found === 'number' ? found : Number(text(found))
    if (!Number.isFinite(number)) throw new NotSimulated(`${of} of '${text(found)}'`)
    return number
  }
}

/** An attribute that is true or false. */
export function truthOf(source: string): (run: Running) => boolean {
  const value = readValue(source)
  return (run) => isTrue(value(run))
}

const isTrue = (value: Value) =>
  value === true || (typeof value === 'string' && value.trim().toLowerCase() === 'true')

/** The text inside an element; elements in there are not text. */
export function contentOf(element: Element): string {
  if (elementsOf(element).length) throw new NotSimulated(`elements inside ${element.name}`)
  return element.children
    .map((child) => ('text' in child ? child.text : ''))
    .join('')
    .trim()
}

/** @throws NotSimulated for a child of another name */
export function childrenOf(element: Element, names: string[]): Element[] {
  const stranger = elementsOf(element).find(({ name }) => !names.includes(name))
  if (stranger) throw new NotSimulated(`${stranger.name} inside ${element.name}`)
  return elementsOf(element)
}

/** What the vocabulary of the control plane has let through is there; a child's attribute may not be. */
export const required = (value: string | undefined, what: string): string => {
  if (value === undefined) throw new NotSimulated(`${what} missing`)
  return value
}

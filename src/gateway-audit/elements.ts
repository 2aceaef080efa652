import type { XmlElement } from '../gateway/xml.ts'

/** Looking into a policy document. */

export const childrenOf = (element: XmlElement): XmlElement[] =>
  element.children.filter((child) => typeof child !== 'string')

/** An element and all below it, in document order. */
const everyElement = (element: XmlElement): XmlElement[] => [
  element,
  ...childrenOf(element).flatMap(everyElement),
]

export const named = (element: XmlElement | undefined, ...names: string[]): XmlElement[] =>
  element ? everyElement(element).filter(({ name }) => names.includes(name)) : []

export const attribute = (element: XmlElement, name: string): string | undefined =>
  element.attributes.find(([own]) => own === name)?.[1]

export const textOf = (element: XmlElement): string =>
  element.children.filter((child) => typeof child === 'string').join('')

/** Texts and attribute values of an element and all below it, but for what is below one that is left out. */
export const valuesIn = (
  element: XmlElement,
  isLeftOut: (element: XmlElement) => boolean = () => false,
): string[] => [
  textOf(element),
  ...element.attributes.map(([, value]) => value),
  ...childrenOf(element)
    .filter((child) => !isLeftOut(child))
    .flatMap((child) => valuesIn(child, isLeftOut)),
]

/** A whole number that stands there as such: an expression or a named value in its place is nobody's to guess. */
export const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined

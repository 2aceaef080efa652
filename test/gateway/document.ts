import type { XmlElement } from '../../src/gateway/xml.ts'

/** Looking into a policy document. */

export function* all(element: XmlElement, name?: string): Generator<XmlElement> {
  if (name === undefined || element.name === name) yield element
  for (const child of element.children) if (typeof child !== 'string') yield* all(child, name)
}

export function one(element: XmlElement, name: string): XmlElement {
  const [found, ...more] = all(element, name)
  if (!found || more.length > 0)
    throw new Error(`expected one <${name}>, found ${found ? more.length + 1 : 0}`)
  return found
}

export const attribute = (element: XmlElement, name: string): string | undefined =>
  element.attributes.find(([key]) => key === name)?.[1]

export const text = (element: XmlElement): string =>
  element.children.filter((child) => typeof child === 'string').join('')

export const childNames = (element: XmlElement): string[] =>
  element.children.map((child) => (typeof child === 'string' ? '#text' : child.name))

/** A response as policy expressions see it; headers by lower-case name. */
export interface Answer {
  status: number
  headers?: Record<string, string>
}

/** The conditions we emit are JavaScript as well as C#: evaluates one for an answer, or for none. */
export function holds(condition: string | undefined, answer: Answer | null): boolean {
  const headers = answer?.headers ?? {}
  const context = {
    Response: answer && {
      StatusCode: answer.status,
      Headers: {
        ContainsKey: (name: string) => name.toLowerCase() in headers,
        GetValueOrDefault: (name: string, other: string) => headers[name.toLowerCase()] ?? other,
      },
    },
  }
  const Regex = { IsMatch: (value: string, pattern: string) => new RegExp(pattern).test(value) }
  const code = /^@\((.*)\)$/s.exec(condition ?? '')?.[1]
  if (code === undefined) throw new Error(`not an expression: ${condition}`)
  return new Function('context', 'Regex', `return ${code}`)(context, Regex) as boolean
}

import type { XmlElement } from './xml.ts'

/** How policies are written in this folder: elements with literals and C# expressions, told apart by type. */

/** C# code; API Management evaluates it for each request. */
export interface Expression {
  code: string
}
export type Value = string | number | boolean | Expression

export const code = (text: string): Expression => ({ code: text })

export const element = (
  name: string,
  attributes: Record<string, Value> = {},
  ...children: (XmlElement | Value)[]
): XmlElement => ({
  name,
  attributes: Object.entries(attributes).map(([key, value]) => [key, written(value)]),
  children: children.map((child) => (isElement(child) ? child : written(child))),
})

/** A C# string literal. Braces are spelt as escapes: API Management replaces `{{name}}` before anybody parses anything. */
export const csharp = (text: string): string =>
  `"${text.replace(/["\\{}]|[^\x20-\x7e]/g, (char) => (char === '"' || char === '\\' ? `\\${char}` : unicode(char)))}"`

const unicode = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`

const written = (value: Value): string =>
  typeof value === 'object' ? `@(${value.code})` : typeof value === 'string' ? literal(value) : String(value)

/** Text that would be taken for an expression or a named value, or that no XML can carry, travels as a C# literal. */
const literal = (text: string): string =>
  /^\s*@|\{\{|[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(text) ? `@(${csharp(text)})` : text

const isElement = (child: XmlElement | Value): child is XmlElement =>
  typeof child === 'object' && 'children' in child

import { NotSimulated } from '../problems.ts'
import type { Message } from '../running.ts'
import { parsed } from './statics.ts'
import { isContainer, type Value } from './values.ts'

/** `Body.As<T>(preserveContent)`: without preserving, the body is read away, and what is sent on is empty. */
export function readBody(of: Message, keep: boolean, type: string | undefined): Value {
  if (of.isRead) throw new NotSimulated('reading a body again that was not preserved')
  if (of.body !== null && typeof of.body !== 'string')
    throw new NotSimulated('reading the body of a stream here')
  const source = of.body ?? ''
  if (!keep) {
    of.isRead = true
    of.body = null
  }
  if (type === 'string') return source
  if (type === 'JObject') return parsed(source, (json) => isContainer(json) && !Array.isArray(json))
  if (type === 'JArray') return parsed(source, Array.isArray)
  if (type === 'JToken') return parsed(source, () => true)
  throw new NotSimulated(`Body.As<${type ?? ''}>()`)
}

import type { TypedData } from '../worker/worker.ts'

/** What the .NET host makes of a worker's value: JSON is parsed, bytes become base64 when they are serialised. */
export function fromTyped(data: TypedData): unknown {
  if (!data) return null
  if (data.json !== undefined) return JSON.parse(data.json)
  if (data.bytes !== undefined) return Buffer.from(data.bytes).toString('base64')
  return data.string ?? data.int ?? data.double ?? null
}

/** Texts of Durable are JSON, except those that are not (reasons, error messages). */
export function parsedOrText(text: string | null): unknown {
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

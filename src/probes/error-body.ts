/** Code and message out of the error bodies of Azure's services: three shapes of JSON, two of XML. */
export function errorIn(body: string): { code: string; message: string } {
  const parsed = parsedObject(body)
  if (parsed) {
    const inner = isRecord(parsed['error']) ? parsed['error'] : parsed
    const deeper = isRecord(inner['innererror']) ? inner['innererror'] : {}
    const codes = [inner['code'], deeper['code']].filter((code) => typeof code === 'string' && code !== '')
    return { code: codes.join(' '), message: typeof inner['message'] === 'string' ? inner['message'] : '' }
  }
  const text = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1] ?? ''
  return { code: text('Code'), message: text('Message') || text('Detail') }
}

type Fields = Record<string, unknown>
const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A body as an object; undefined when it is none. */
export function parsedObject(body: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

import { parse } from 'yaml'

/** The document carries its environment's name; the API wants it in the path too. */
export function nameIn(text: string, file: string): string {
  const document: unknown = parse(text)
  if (
    typeof document === 'object' &&
    document !== null &&
    'name' in document &&
    typeof document.name === 'string'
  )
    return document.name
  throw new Error(`${file} has no name: add the name of the environment`)
}

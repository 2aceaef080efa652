import { keyOf } from '../arm/ids.ts'
import type { Configuration } from './configuration.ts'

/** `{{name}}` in the text of a document, before anybody parses it. What nobody has named stays as it is. */
export const withNamedValues = (text: string, { namedValues }: Configuration): string =>
  text.replace(/\{\{([A-Za-z0-9-._]+)\}\}/g, (whole, name: string) => namedValues.get(keyOf(name)) ?? whole)

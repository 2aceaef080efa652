import { readFileSync } from 'node:fs'

/** A document with something wrong in it, sent as `contoso`, and the path of each fault that must be named. */
export type BadDocument = [fault: string, body: string, paths: string[]]

export const example = (name: 'small' | 'contoso'): string => readFileSync(`examples/${name}.yaml`, 'utf8')

/** An example with parts of its text replaced. */
export const changed = (
  name: 'small' | 'contoso',
  ...replacements: [from: string | RegExp, to: string][]
): string =>
  replacements.reduce((text, [from, to]) => {
    const after = text.replace(from, to)
    if (after === text) throw new Error(`the example has no ${from}`)
    return after
  }, example(name))

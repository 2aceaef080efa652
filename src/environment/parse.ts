import { LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod'
import type { Fault } from './fault.ts'
import { accessFaults, foundryFaults } from './foundry-rules.ts'
import { networkFaults } from './network-rules.ts'
import { poolFaults } from './pool-rules.ts'
import { at, isRecord } from './raw.ts'
import { Document } from './schema.ts'
import { zoneFaults } from './zone-rules.ts'

export type Parsed = { document: Document } | { faults: Fault[] }

/** More characters than this is not an environment document; it also keeps a document within one table property. */
const maxCharacters = 30_000

/**
 * Reads an environment document, YAML or JSON. Pure: same text, same answer.
 * @param body what the caller sent
 * @param expectedName the name in the path of the call; the document must carry the same one
 * @returns the document with its defaults, or every fault found in it
 */
export function parse(body: string, expectedName: string): Parsed {
  if (body.length > maxCharacters)
    return {
      faults: [fault('', `has more than ${maxCharacters} characters`, 'send one environment per document')],
    }
  if (deepest(body) > mostBrackets)
    return {
      faults: [
        fault('', `has more than ${mostBrackets} brackets in each other`, 'write it as the examples do'),
      ],
    }
  const lines = new LineCounter()
  const yaml = parseDocument(body, { lineCounter: lines, prettyErrors: false })
  // A warning is a tag that the reader does not know and leaves out.
  const unread = [...yaml.errors, ...yaml.warnings]
  if (unread.length > 0)
    return {
      faults: unread.map((error) => {
        const { line, col } = lines.linePos(error.pos[0])
        return fault('', `line ${line}, column ${col}: ${error.message}`, 'correct the YAML or JSON syntax')
      }),
    }
  let raw: unknown
  try {
    raw = yaml.toJS({ maxAliasCount: 20 })
  } catch (error) {
    return {
      faults: [fault('', error instanceof Error ? error.message : String(error), 'write the values out')],
    }
  }
  const shape = Document.safeParse(raw)
  const faults = [
    ...(shape.success ? [] : shape.error.issues.flatMap(explain)),
    ...namelessKeys(raw),
    ...[networkFaults, zoneFaults, poolFaults, foundryFaults, accessFaults].flatMap((rules) => rules(raw)),
  ]
  if (shape.success && shape.data.name !== expectedName)
    faults.push(
      fault('name', `is ${shape.data.name}, but the call is for ${expectedName}`, 'make the two names equal'),
    )
  if (!shape.success || faults.length > 0) return { faults }
  return { document: shape.data }
}

/** Enough for any document, and few enough for a reader that calls itself once for each. */
const mostBrackets = 100

function deepest(body: string): number {
  let [depth, most] = [0, 0]
  for (const character of body)
    if (character === '[' || character === '{') most = Math.max(most, ++depth)
    else if (character === ']' || character === '}') depth--
  return most
}

/** `__proto__` where any name may stand: JavaScript leaves it out unasked, and what is left out must be said. */
const namelessKeys = (raw: unknown): Fault[] =>
  ['tags', 'network.dns', 'protect'].flatMap((path) => {
    const group = at(raw, path)
    return isRecord(group) && Object.hasOwn(group, '__proto__')
      ? [fault(`${path}.__proto__`, 'is no name that can be kept', 'choose another name')]
      : []
  })

const fault = (path: string, problem: string, remedy: string): Fault => ({ path, problem, remedy })

/** `['network', 'subnets', 0]` as `network.subnets[0]`. */
const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part),
    '',
  )

function explain(issue: z.core.$ZodIssue): Fault[] {
  const path = pathText(issue.path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        fault(pathText([...issue.path, key]), 'is not a known field', 'remove it or correct its spelling'),
      )
    case 'invalid_type':
      return issue.input === undefined && issue.message.endsWith('received undefined')
        ? [fault(path, 'is missing', `add it: ${aOr(issue.expected)}`)]
        : [fault(path, `is not ${aOr(issue.expected)}`, `write ${aOr(issue.expected)} here`)]
    case 'invalid_value':
      return [fault(path, 'is not one of the values allowed', `use one of: ${issue.values.join(', ')}`)]
    case 'too_small':
      return [fault(path, 'is too small or too short', `use at least ${issue.minimum}`)]
    case 'too_big':
      return [fault(path, 'is too large or too long', `use at most ${issue.maximum}`)]
    case 'invalid_union':
      return [closestAlternative(issue.errors, issue.path)].flat()
    case 'invalid_key':
      return issue.issues.map((inner) => ({
        ...(explain(inner)[0] ?? fault(path, inner.message, 'correct it')),
        path,
      }))
    case 'custom':
      return [fault(path, issue.message, String(issue.params?.['remedy'] ?? 'correct it'))]
    default:
      return [fault(path, issue.message, 'correct it')]
  }
}

/** Of a union's alternatives, speak of the one the author came closest to: naming all of them helps nobody. */
function closestAlternative(alternatives: z.core.$ZodIssue[][], path: readonly PropertyKey[]): Fault[] {
  const isOfAnotherForm = (issues: z.core.$ZodIssue[]) =>
    issues.some(
      ({ path: own, code }) => own.length === 0 && (code === 'invalid_type' || code === 'invalid_value'),
    )
  const ofThisForm = alternatives.filter((issues) => !isOfAnotherForm(issues))
  const closest =
    (ofThisForm.length > 0 ? ofThisForm : alternatives).toSorted((a, b) => a.length - b.length)[0] ?? []
  return closest.flatMap((issue) => explain({ ...issue, path: [...path, ...issue.path] }))
}

const aOr = (expected: string) => shapes[expected] ?? `a ${expected}`

const shapes: Record<string, string> = {
  object: 'a group of fields',
  record: 'a group of fields',
  array: 'a list',
  tuple: 'a list',
  int: 'a whole number',
}

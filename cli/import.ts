import type { ImportView } from './client.ts'
import { planLines } from './plan.ts'

type Note = ImportView['notes'][number]

/** Which notes come first: those without which the document is no use. */
const order: Note['is'][] = ['fault', 'unreadable', 'taken', 'left out', 'existing', 'assumed']

/** What a reader of an imported document must know, for people: the notes, then what applying it would do. */
export function importLines({ notes, plan }: ImportView): string[] {
  const alike = Map.groupBy(notes, ({ is, path, message }) => [is, path, message].join('|'))
  return [
    ...[...alike.values()].toSorted((a, b) => rank(a) - rank(b)).flatMap(noteLines),
    ...(plan ? planLines(plan) : ['the document is refused as it is: correct what is marked fault']),
  ]
}

const rank = ([first]: Note[]): number => (first ? order.indexOf(first.is) : 0)

/** One line for all that the same is to be said of. */
function noteLines(alike: Note[]): string[] {
  const [first] = alike
  if (!first) return []
  const { is, path, message, remedy } = first
  const names = alike.flatMap(({ resource }) => resource?.split('/providers/').at(-1) ?? [])
  return [
    `${is.padEnd(10)} ${[path, ...names].filter(Boolean).join(' ')}: ${message}`,
    ...(remedy ? [`           → ${remedy}`] : []),
  ]
}

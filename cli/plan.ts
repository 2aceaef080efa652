import type { PlanView } from './client.ts'

/** A plan for people: a line per step, the changes below it, and how long it takes. */
export function planLines({
  environment,
  steps,
  hash,
  expectedMinutes,
  criticalPath,
  adopted,
  notes,
  unreadable,
}: PlanView): string[] {
  const unread = unreadable.map(
    ({ resource, reason, message }) => `? ${resource}: cannot be read (${reason}): ${message}`,
  )
  const remarks = [
    ...adopted.map((resource) => `= ${resource}: taken over as it is, and protected`),
    ...notes.map(({ about, message }) => `i ${about} ${message}`),
    ...unread,
  ]
  if (steps.length === 0) return [...remarks, `${environment}: nothing to do`]
  return [
    ...steps.flatMap(({ resource, action, reason, risk, changes }) => [
      `${marks[action]} ${resource}: ${action}, ${reason}${risk === 'safe' ? '' : ` (${risk}: needs approval)`}`,
      ...changes.map(({ path, before, after }) => `    ${path}: ${short(before)} → ${short(after)}`),
    ]),
    ...remarks,
    `${environment}: ${steps.length} steps, at least ${expectedMinutes} minutes (${criticalPath.join(' → ')}); plan ${hash.slice(0, 12)}`,
  ]
}

const marks = { create: '+', update: '~', adopt: '>', retry: '!', remove: '-' }

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

import type { PlanView } from './client.ts'

/** A plan for people: a line per step, the changes below it, and how long it takes. */
export function planLines({
  environment,
  steps,
  hash,
  expectedMinutes,
  criticalPath,
  unreadable,
}: PlanView): string[] {
  const unread = unreadable.map(
    ({ resource, reason, message }) => `? ${resource}: cannot be read (${reason}): ${message}`,
  )
  if (steps.length === 0) return [...unread, `${environment}: nothing to do`]
  return [
    ...steps.flatMap(({ resource, action, reason, risk, changes }) => [
      `${marks[action]} ${resource}: ${action}, ${reason}${risk === 'safe' ? '' : ` (${risk}: needs approval)`}`,
      ...changes.map(({ path, before, after }) => `    ${path}: ${short(before)} → ${short(after)}`),
    ]),
    ...unread,
    `${environment}: ${steps.length} steps, at least ${expectedMinutes} minutes (${criticalPath.join(' → ')}); plan ${hash.slice(0, 12)}`,
  ]
}

const marks = { create: '+', update: '~', retry: '!', remove: '-' }

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

import type { Azure } from '../arm/azure.ts'
import { MINUTE_MS, minuteOf } from './minutes.ts'

/** The end of a minute, by its name in the agenda: what was counted is kept, and alert rules are evaluated. */
export const MINUTE_ENDS = 'minute'

/** Has the end of this minute noticed. Nothing is on the agenda while nobody asks for it: an idle lab jumps over its minutes. */
export function watchFrom(azure: Azure): void {
  const at = minuteOf(azure.clock.now()) + MINUTE_MS
  const pending = azure.world.agenda.get(`${MINUTE_ENDS}:`)
  if (!pending || pending.at > at) azure.agenda.add({ at, what: MINUTE_ENDS, subject: '' })
}
